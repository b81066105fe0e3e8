package dev.tollgate.config;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Invariants:
 * - What is applied is what was hashed: the content is read once per look, so a file that changes meanwhile is met by the
 *   next look. Of the files that it refers to, what is hashed is what was read from them.
 * - A content is taken only when two looks in a row have found it, so a file that is being written is left alone.
 * - Each content is tried once; a broken one is reported once and leaves what is in force in force.
 * - Looks never overlap: the next one is planned when one is over.
 */
/**
 * Re-reads a configuration file when its content changes, or that of a file it refers to, as a secret that is exchanged. It looks at the content rather than at times or inodes, so that
 * an exchanged symbolic link counts and a touched file does not.
 */
public final class ConfigWatch implements AutoCloseable {
    /** How often the file is looked at unless told otherwise. */
    public static final Duration PERIOD = Duration.ofSeconds(2);

    private static final Logger LOG = System.getLogger(ConfigWatch.class.getName());
    private static final Duration SETTLING = Duration.ofMillis(200);

    private final ConfigLoader loader;
    private final Path file;
    private final ScheduledExecutorService timer;
    private final Duration period;
    private final Consumer<Settings> taker;

    private final AtomicLong generation = new AtomicLong();
    private volatile boolean closed;
    private volatile @Nullable ConfigException lastProblem;

    // Used by one look at a time.
    private Version inForce = Version.NONE;
    private Version tried = Version.NONE;
    private Version seen = Version.NONE;

    /**
     * A watch that is not running yet.
     *
     * @param timer runs the looks; it stays the caller's to close
     * @param period how often to look
     * @param taker is given each good configuration, the first one included, one at a time. If it throws, the configuration
     *     counts as broken
     */
    public ConfigWatch(
            ConfigLoader loader, Path file, ScheduledExecutorService timer, Duration period, Consumer<Settings> taker) {
        this.loader = loader;
        this.file = file;
        this.timer = timer;
        this.period = period;
        this.taker = taker;
    }

    /**
     * Reads the file, hands its configuration over and watches it from then on.
     *
     * @throws ConfigException when the file cannot be used; nothing is watched then
     */
    public void start() throws ConfigException {
        Content content = Content.of(file);
        FilesRead.Notes notes = new FilesRead.Notes();
        taker.accept(loader.parse(ConfigLoader.nameOf(file), content.bytes(), notes));
        inForce = new Version(content.fingerprint(), notes.all());
        tried = inForce;
        seen = inForce;
        generation.set(1);
        plan(period);
    }

    /** What is wrong with the file as it stands, while an earlier content of it is in force. */
    public Optional<ConfigException> lastProblem() {
        return Optional.ofNullable(lastProblem);
    }

    /** How many configurations have been taken, the first one included. */
    public long generation() {
        return generation.get();
    }

    @Override
    public void close() {
        closed = true;
    }

    private void plan(Duration wait) {
        if (closed) {
            return;
        }
        try {
            var unused = timer.schedule(this::look, wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            closed = true; // the timer has been shut down, and with it everything else
        }
    }

    private void look() {
        if (closed) {
            return;
        }
        Duration next = period;
        try {
            next = settled(Content.of(file)) ? period : shorter(SETTLING, period);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "cannot look at " + file, e);
        } finally {
            plan(next);
        }
    }

    /** Tries a content that is new and the same as at the last look; false when it has to be looked at again soon. */
    private boolean settled(Content content) {
        Version now = new Version(content.fingerprint(), loader.anew(tried.files()));
        boolean again = now.equals(seen);
        seen = now;
        if (again && !now.equals(tried)) {
            tryOut(content);
        }
        return again;
    }

    private void tryOut(Content content) {
        if (inForce.equals(new Version(content.fingerprint(), loader.anew(inForce.files())))) {
            tried = inForce;
            seen = inForce;
            lastProblem = null;
            LOG.log(Level.INFO, "{0} is again what is in force", file);
            return;
        }
        FilesRead.Notes notes = new FilesRead.Notes();
        try {
            taker.accept(loader.parse(ConfigLoader.nameOf(file), content.bytes(), notes));
            inForce = new Version(content.fingerprint(), notes.all());
            lastProblem = null;
            long number = generation.incrementAndGet();
            LOG.log(Level.INFO, "{0} has been read anew (generation {1})", file, number);
        } catch (ConfigException e) {
            report(e);
        } catch (RuntimeException e) {
            String message = "it cannot be put in force: " + e.getMessage();
            report(new ConfigException(List.of(new Problem(ConfigLoader.nameOf(file), 0, 0, message))));
        } finally {
            tried = new Version(content.fingerprint(), notes.all());
            seen = tried;
        }
    }

    private void report(ConfigException e) {
        lastProblem = e;
        LOG.log(
                Level.ERROR,
                "{0} has changed and cannot be used; the last good one stays in force:\n{1}",
                file,
                e.getMessage());
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** What a look has found: the bytes of the file, or why there are none. */
    private record Content(byte[] found, @Nullable ConfigException unreadable, String fingerprint) {

        static Content of(Path file) {
            try {
                byte[] found = ConfigLoader.contentOf(file);
                return new Content(found, null, FilesRead.digest(found));
            } catch (ConfigException e) {
                return new Content(new byte[0], e, String.valueOf(e.getMessage()));
            }
        }

        byte[] bytes() throws ConfigException {
            if (unreadable != null) {
                throw unreadable;
            }
            return found;
        }
    }

    /** A content, and what stood in the files that it refers to. */
    private record Version(String fingerprint, FilesRead files) {
        static final Version NONE = new Version("", FilesRead.NONE);
    }
}
