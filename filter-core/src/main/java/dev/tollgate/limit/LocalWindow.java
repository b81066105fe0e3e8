package dev.tollgate.limit;

import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The count of one window of the calendar, in memory. It is forgotten when the window is over. */
final class LocalWindow implements LocalCount {
    private final InstantSource clock;
    private final Instant ends;
    private long used;
    /** Whether the past is in it, or can only be what it has counted itself. */
    private boolean seeded;

    private boolean retired;

    LocalWindow(Shape.Window shape, InstantSource clock) {
        this.clock = clock;
        this.ends = shape.ends();
    }

    @Override
    public synchronized @Nullable Verdict take(Shape wanted, long amount, long leaving) {
        if (retired) {
            return null;
        }
        seeded = true;
        long wait = waitFor(wanted.capacity(), amount, leaving);
        if (wait == 0) {
            used += amount;
        }
        return new Verdict(wait == 0, wanted.capacity() - used, wait, rest(), true);
    }

    @Override
    public synchronized long waitNanos(Shape wanted, long amount, long leaving) {
        return waitFor(wanted.capacity(), amount, leaving);
    }

    @Override
    public synchronized long remaining(Shape wanted) {
        return wanted.capacity() - used;
    }

    private long waitFor(long capacity, long amount, long leaving) {
        if (amount > capacity - leaving) {
            return Verdict.NEVER;
        }
        // A window that is just over is not waited for: the next call finds the next one.
        return used <= capacity - leaving - amount ? 0 : Math.max(1, rest());
    }

    private long rest() {
        Duration rest = Duration.between(clock.instant(), ends);
        return rest.isNegative() ? 0 : rest.toNanos();
    }

    @Override
    public synchronized void giveBack(long amount) {
        used = Math.max(0, used - amount);
    }

    @Override
    public synchronized boolean charge(Shape wanted, long amount) {
        seeded = true;
        used += retired ? 0 : amount;
        return !retired;
    }

    @Override
    public synchronized boolean seed(long charged) {
        if (!seeded && !retired) {
            used += charged;
            seeded = true;
        }
        return !retired;
    }

    @Override
    public synchronized boolean retireWhenIdle() {
        retired |= !clock.instant().isBefore(ends);
        return retired;
    }
}
