package dev.tollgate.retry;

import java.util.concurrent.atomic.AtomicLong;

/** How many calls may have a second attempt beside the first: one of twenty. May be used by any thread. */
public final class HedgeBudget {
    private static final long CALLS_EACH = 20;
    private static final long MOST_SAVED = 10 * CALLS_EACH;

    private final AtomicLong saved = new AtomicLong();

    /** Counts a call. */
    public void called() {
        saved.updateAndGet(calls -> Math.min(MOST_SAVED, calls + 1));
    }

    /** Takes leave for one hedge, if there is any. */
    public boolean take() {
        return saved.getAndUpdate(calls -> calls >= CALLS_EACH ? calls - CALLS_EACH : calls) >= CALLS_EACH;
    }
}
