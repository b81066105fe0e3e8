package dev.tollgate.lease;

import java.util.concurrent.TimeUnit;

/** How long the cluster is left alone after it did not answer: 100 ms, and twice as long each time up to a second. */
final class Silence {
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private long length;
    private long until;

    boolean holds(long now) {
        return length > 0 && now - until < 0;
    }

    void begin(long now) {
        length = length == 0 ? SHORTEST_NANOS : Math.min(2 * length, LONGEST_NANOS);
        until = now + length;
    }

    void end() {
        length = 0;
    }
}
