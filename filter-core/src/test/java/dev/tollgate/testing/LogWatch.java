package dev.tollgate.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Reads all that the gateway logs, down to the finest level, in the place of the console: secrets must not be in it. */
public final class LogWatch extends Handler implements AutoCloseable {
    private static final int KEPT = 50;

    private final Logger logger = Logger.getLogger("dev.tollgate");
    private final SimpleFormatter formatter = new SimpleFormatter();
    private final List<String> secrets;
    private final List<String> leaks = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final AtomicLong lines = new AtomicLong();
    private final Level before = logger.getLevel();

    /** @param secrets what must not be said */
    public LogWatch(String... secrets) {
        this.secrets = List.of(secrets);
        logger.setLevel(Level.ALL);
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    /** Lines that hold a secret, some of them at most. */
    public List<String> leaks() {
        return leaks;
    }

    /** Lines about faults of the gateway's own, some of them at most. */
    public List<String> faults() {
        return faults;
    }

    /** How many lines were read. */
    public long lines() {
        return lines.get();
    }

    @Override
    public void publish(LogRecord line) {
        lines.incrementAndGet();
        String text = formatter.format(line);
        if (leaks.size() < KEPT && secrets.stream().anyMatch(text::contains)) {
            leaks.add(text);
        }
        if (faults.size() < KEPT && line.getLevel().intValue() >= Level.SEVERE.intValue()) {
            faults.add(text);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
        logger.setLevel(before);
    }
}
