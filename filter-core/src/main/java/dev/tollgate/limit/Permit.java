package dev.tollgate.limit;

import java.util.List;

/**
 * Leave to make one call: everything the limits have reserved for it. It is settled exactly once, on every way out; later
 * calls of {@link #settle} do nothing.
 */
public interface Permit {

    /** Gives back what the call held while it ran (its concurrency), and settles what it reserved. */
    void settle();

    /**
     * Gives everything back, the request itself included: nothing was sent for the call. Instead of {@link #settle}; after it
     * this does nothing.
     */
    void withdraw();

    /** What is left of the tightest request limit after this call, for the answer's headers; empty without limits. */
    List<Headroom> headroom();

    /**
     * What is left of a limit.
     *
     * @param unit "requests"
     * @param limit the whole allowance per window
     * @param remaining what is left of it
     * @param resetNanos nanoseconds until it is whole again
     */
    record Headroom(String unit, long limit, long remaining, long resetNanos) {}
}
