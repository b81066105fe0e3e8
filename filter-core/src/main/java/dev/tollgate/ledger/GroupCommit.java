package dev.tollgate.ledger;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes groups of rows, and keeps those that the disk refuses until it recovers. Used by one thread; others may ask how it
 * goes.
 */
final class GroupCommit {
    private static final System.Logger LOG = System.getLogger(GroupCommit.class.getName());

    /** How long what was only noted may wait for others before it is forced. */
    private static final long GROUP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long ALARM_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long FOR_EVER = TimeUnit.DAYS.toNanos(1);

    private final RowWriter writer;
    private final OpenAttempts open;
    private final LongSupplier nanoTime;
    private final int mostLate;
    private final List<Entry> late = new ArrayList<>();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private long forceAt;
    private long retryAt;
    private long alarmAt;
    private volatile @Nullable IOException failure;
    private volatile long forces;
    private volatile int lateRows;

    /**
     * @param nanoTime a monotonic clock in nanoseconds
     * @param mostLate how many rows are kept in memory while the disk refuses
     */
    GroupCommit(RowWriter writer, OpenAttempts open, LongSupplier nanoTime, int mostLate) {
        this.writer = writer;
        this.open = open;
        this.nanoTime = nanoTime;
        this.mostLate = mostLate;
    }

    /** Begins the first file. */
    void begin(List<Entry> first) throws IOException {
        writer.begin(first);
        tally(first.size());
    }

    /**
     * Writes a group.
     *
     * @param awaited whether somebody waits for it to be durable
     * @return why it is not durable, or null
     */
    @Nullable
    IOException add(List<Entry> group, boolean awaited) {
        group.forEach(open::follow);
        if (failure != null) {
            keep(group);
            retry();
            return failure;
        }
        if (!writer.hasUnforced()) {
            forceAt = nanoTime.getAsLong() + GROUP_NANOS;
        }
        try {
            writer.write(group);
        } catch (IOException e) {
            fail(e, group);
            return e;
        }
        return force(group.size(), awaited);
    }

    private @Nullable IOException force(int count, boolean awaited) {
        try {
            if (awaited || nanoTime.getAsLong() - forceAt >= 0) {
                writer.force();
            }
            tally(count);
            return null;
        } catch (IOException e) {
            fail(e, List.of());
            return e;
        }
    }

    /** How long it can wait for the next group, in nanoseconds, before {@link #idle} has something to do. */
    long patience() {
        if (failure != null) {
            return retryAt - nanoTime.getAsLong();
        }
        return writer.hasUnforced() ? forceAt - nanoTime.getAsLong() : FOR_EVER;
    }

    /** Does what is due. */
    void idle() {
        if (failure != null) {
            retry();
        } else {
            force(0, false);
        }
    }

    /** Writes what can still be written. */
    void finish() {
        try {
            if (failure != null) {
                writer.begin(late);
                late.clear();
            }
            writer.finish();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "the ledger ends without " + late.size() + " rows that the disk has refused", e);
        }
    }

    private void tally(int count) {
        rows.addAndGet(count);
        forces = writer.forces();
    }

    private void fail(IOException why, List<Entry> group) {
        failure = why;
        keep(writer.abandon());
        keep(group);
        long now = nanoTime.getAsLong();
        retryAt = now + RETRY_NANOS;
        alarmAt = now + ALARM_NANOS;
        LOG.log(Level.ERROR, "the ledger cannot be written; its rows are kept in memory meanwhile", why);
    }

    private void keep(List<Entry> group) {
        int room = Math.min(group.size(), mostLate - late.size());
        late.addAll(group.subList(0, room));
        lost.addAndGet(group.size() - room);
        lateRows = late.size();
    }

    private void retry() {
        if (nanoTime.getAsLong() - retryAt < 0) {
            return;
        }
        try {
            writer.begin(late);
            tally(late.size());
            LOG.log(Level.WARNING, "the ledger is written again: {0} rows late, {1} lost", late.size(), lost);
            late.clear();
            lateRows = 0;
            failure = null;
        } catch (IOException again) {
            failure = again;
            long now = nanoTime.getAsLong();
            retryAt = now + RETRY_NANOS;
            alarm(now, again);
        }
    }

    private void alarm(long now, IOException why) {
        if (now - alarmAt >= 0) {
            alarmAt = now + ALARM_NANOS;
            LOG.log(
                    Level.ERROR,
                    "the ledger still cannot be written ({0}): {1} rows wait in memory, {2} are lost",
                    why,
                    late.size(),
                    lost);
        }
    }

    boolean isFailing() {
        return failure != null;
    }

    long rows() {
        return rows.get();
    }

    long forces() {
        return forces;
    }

    int late() {
        return lateRows;
    }

    long lost() {
        return lost.get();
    }
}
