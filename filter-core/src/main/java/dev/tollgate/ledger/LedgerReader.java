package dev.tollgate.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads the folders of several nodes as one ledger, while the nodes write if need be. A file that is there twice, as a copy of a
 * folder has it, is read once.
 */
public final class LedgerReader {
    /** How far a clock may have been set back while a file was written. */
    private static final Duration CLOCK_STEP = Duration.ofHours(1);

    private final List<Path> directories;

    /** @param directories folders of nodes, or copies of them */
    public LedgerReader(List<Path> directories) {
        this.directories = List.copyOf(directories);
    }

    /**
     * Reads what was used in a time: the rows of ended attempts and of calls, each once.
     *
     * @param from the time's beginning
     * @param to its end, which is no part of it
     * @param damages is told of what is no row
     * @throws IOException when a folder is not there or cannot be read
     */
    public void read(Instant from, Instant to, Consumer<Entry> rows, Consumer<Damage> damages) throws IOException {
        Once once = new Once(entry -> {
            if (!entry.at().isBefore(from) && entry.at().isBefore(to)) {
                rows.accept(entry);
            }
        });
        for (LedgerFile file : files(from)) {
            file.readUsed(once, damages);
        }
        once.flush();
    }

    private Collection<LedgerFile> files(Instant from) throws IOException {
        Map<String, LedgerFile> files = new LinkedHashMap<>();
        for (Path directory : directories) {
            for (LedgerFile file : since(from, LedgerFile.in(directory))) {
                String identity = file.head()
                        .map(head -> head.node() + ' ' + head.number())
                        .orElseGet(
                                () -> file.path().toAbsolutePath().normalize().toString());
                files.merge(identity, file, LedgerReader::longer);
            }
        }
        return files.values();
    }

    private static LedgerFile longer(LedgerFile one, LedgerFile other) {
        try {
            return Files.size(other.path()) > Files.size(one.path()) ? other : one;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of a node's files that may hold rows of a time: a file holds none later than the beginning of the next. */
    static List<LedgerFile> since(Instant from, List<LedgerFile> files) throws IOException {
        List<LedgerFile> those = new ArrayList<>();
        for (int i = files.size() - 1; i >= 0; i--) {
            those.add(0, files.get(i));
            Optional<FileHead> head = files.get(i).head();
            if (head.isPresent() && head.get().opened().plus(CLOCK_STEP).isBefore(from)) {
                break;
            }
        }
        return those;
    }
}
