package dev.tollgate.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A node's folder of files, held by this process alone until it is closed. */
final class LedgerFolder implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String NODE = "node";
    private static final String UNFINISHED = ".new";

    private final Path path;
    private final FileChannel lock;
    private final String node;

    private LedgerFolder(Path path, FileChannel lock, String node) {
        this.path = path;
        this.lock = lock;
        this.node = node;
    }

    /**
     * Takes a folder, which is made if it is not there.
     *
     * @throws LedgerException when another process or gateway holds it, or it cannot be used
     */
    static LedgerFolder take(Path path) {
        try {
            Files.createDirectories(path);
            FileChannel lock =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                hold(path, lock);
                removeUnfinished(path);
                return new LedgerFolder(path, lock, nodeOf(path));
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new LedgerException("the ledger's folder " + path + " cannot be used: " + e, e);
        }
    }

    private static void hold(Path path, FileChannel channel) throws IOException {
        FileLock held;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null;
        }
        if (held == null) {
            throw new LedgerException("the ledger's folder " + path
                    + " is another gateway's, which is running; give each node a folder of its own");
        }
    }

    private static void removeUnfinished(Path path) throws IOException {
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(path, "ledger-*" + UNFINISHED)) {
            for (Path file : unfinished) {
                Files.delete(file);
            }
        }
    }

    private static String nodeOf(Path path) throws IOException {
        Path file = path.resolve(NODE);
        if (Files.exists(file)) {
            String node = Files.readString(file).strip();
            if (!node.matches("[0-9a-f-]{8,64}")) {
                throw new LedgerException(file + " does not hold a node's id; restore it, or remove it for a new one");
            }
            return node;
        }
        String node = UUID.randomUUID().toString();
        Path unfinished = path.resolve(NODE + UNFINISHED);
        Files.writeString(unfinished, node + "\n", StandardOpenOption.CREATE, StandardOpenOption.SYNC);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        return node;
    }

    /** The node's id, which it keeps as long as its folder. */
    String node() {
        return node;
    }

    Path path() {
        return path;
    }

    List<LedgerFile> files() throws IOException {
        return LedgerFile.in(path);
    }

    /** The name of a file that is not complete enough to be read. */
    static Path unfinished(LedgerFile file) {
        return file.path().resolveSibling(file.path().getFileName() + UNFINISHED);
    }

    /**
     * Removes the files of days before one.
     *
     * @param current the file that is being written, which stays
     */
    void removeBefore(LocalDate day, @Nullable LedgerFile current) throws IOException {
        for (LedgerFile file : files()) {
            if (file.day().isBefore(day) && !file.equals(current)) {
                Files.deleteIfExists(file.path());
            }
        }
    }

    @Override
    public void close() throws IOException {
        lock.close(); // and with it what it holds
    }
}
