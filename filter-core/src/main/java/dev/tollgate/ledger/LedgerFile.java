package dev.tollgate.ledger;

import dev.tollgate.ledger.RowFields.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of a ledger, known by its name: {@code ledger-000017-2026-11-24.log}.
 *
 * @param number its number among the node's, from 1
 * @param day the day (UTC) on which it was begun; none of its rows was written on another
 */
record LedgerFile(Path path, long number, LocalDate day) {
    private static final Pattern NAME = Pattern.compile("ledger-([0-9]{6,18})-([0-9]{4}-[0-9]{2}-[0-9]{2})\\.log");

    /**
     * What reading a file came to.
     *
     * @param head what the file says of itself; null when that is damaged or not there
     * @param soundUpTo where the last whole row ends
     */
    record Scan(@Nullable FileHead head, long soundUpTo) {}

    /** The file that a node begins now. */
    static LedgerFile begun(Path directory, long number, Instant now) {
        LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        return new LedgerFile(directory.resolve(String.format("ledger-%06d-%s.log", number, day)), number, day);
    }

    /** The files of a folder by their numbers. */
    static List<LedgerFile> in(Path directory) throws IOException {
        List<LedgerFile> files = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory, "ledger-*.log")) {
            for (Path path : paths) {
                of(path).ifPresent(files::add);
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        files.sort(Comparator.comparingLong(LedgerFile::number));
        return files;
    }

    private static Optional<LedgerFile> of(Path path) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        try {
            return name.matches()
                    ? Optional.of(new LedgerFile(path, Long.parseLong(name.group(1)), LocalDate.parse(name.group(2))))
                    : Optional.empty();
        } catch (DateTimeException notOurs) {
            return Optional.empty();
        }
    }

    /** Reads all rows in order. A file that is no longer there has none. */
    Scan read(Consumer<Entry> rows, Consumer<Damage> damages) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return read(new RowReader(path, in, damages, true), rows);
        } catch (NoSuchFileException removed) {
            return new Scan(null, 0); // retention takes files away while others read
        }
    }

    /** Reads the rows of what was used, which are those of ended attempts and of calls. */
    void readUsed(Consumer<Entry> rows, Consumer<Damage> damages) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            Scan unused = read(new RowReader(path, in, damages, false), rows);
        } catch (NoSuchFileException removed) {
            return;
        }
    }

    /** What the file says of itself; empty when that is damaged or not there. */
    Optional<FileHead> head() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            Optional<RowFields> first = new RowReader(path, in, damage -> {}, true).next();
            return first.isPresent() ? first.get().head() : Optional.empty();
        } catch (NoSuchFileException | Unreadable e) {
            return Optional.empty();
        }
    }

    static Scan read(RowReader reader, Consumer<Entry> rows) throws IOException {
        FileHead head = null;
        for (Optional<RowFields> row = reader.next(); row.isPresent(); row = reader.next()) {
            try {
                Optional<FileHead> found = row.get().head();
                head = head == null ? found.orElse(null) : head;
                row.get().entry().ifPresent(rows);
            } catch (Unreadable e) {
                reader.reject(String.valueOf(e.getMessage()));
            }
        }
        return new Scan(head, reader.soundUpTo());
    }
}
