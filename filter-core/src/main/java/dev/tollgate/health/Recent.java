package dev.tollgate.health;

import java.util.concurrent.atomic.AtomicLong;

/** How the last attempts at a target went. May be used by any thread. */
final class Recent {
    private static final int LEAST = 5;
    private static final int MOST = 31;
    private static final long ALL = (1L << MOST) - 1;

    /** The failures among the last attempts, the last in the lowest bit; above them how many attempts that are. */
    private final AtomicLong seen = new AtomicLong();

    void add(boolean failed) {
        seen.updateAndGet(before -> {
            long failures = ((before & ALL) << 1 | (failed ? 1 : 0)) & ALL;
            return Math.min(MOST, (before >>> MOST) + 1) << MOST | failures;
        });
    }

    /** Whether hardly one of the last attempts has failed: of ten at most one. Not while there were few. */
    boolean isReliable() {
        long now = seen.get();
        long count = now >>> MOST;
        return count >= LEAST && Long.bitCount(now & ALL) * 10L <= count;
    }
}
