package dev.tollgate.lease;

import java.util.concurrent.TimeUnit;

/** How much of an allowance this node's calls have lately asked for. Not safe for use by several threads. */
final class RecentDemand {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MANY_WINDOWS = 62;

    private long windowStart;
    private long inWindow;
    private long average;
    private long typical;

    RecentDemand(long now) {
        this.windowStart = now;
    }

    void note(long amount, long now) {
        turn(now);
        inWindow = inWindow + amount < 0 ? Long.MAX_VALUE : inWindow + amount;
        typical = typical == 0 ? amount : typical + (amount - typical) / 8;
    }

    /** The demand of a second. */
    long perSecond(long now) {
        turn(now);
        return Math.max(inWindow, average);
    }

    /** What one call asks for. */
    long typical() {
        return typical;
    }

    private void turn(long now) {
        long windows = (now - windowStart) / WINDOW_NANOS;
        if (windows > 0) {
            average = (average / 2 + inWindow / 2) >> Math.min(windows - 1, MANY_WINDOWS);
            inWindow = 0;
            windowStart += windows * WINDOW_NANOS;
        }
    }
}
