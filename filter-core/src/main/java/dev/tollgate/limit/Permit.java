package dev.tollgate.limit;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Leave to make one call: everything the limits have reserved for it. It is ended exactly once, on every way out; later calls
 * of {@link #settle} and {@link #withdraw} do nothing.
 */
public interface Permit {

    /** Frees what the call held while it ran, and gives back or charges the difference between what was reserved and what was used. */
    void settle(Amount used);

    /** Nothing was sent for the call: gives everything back, the request itself included. */
    void withdraw();

    /**
     * Reserves more for a call under way, of all limits or of none. Only limits on spend refuse here; the others are charged.
     *
     * @return fails with a {@link dev.tollgate.Refusal} when a hard budget has no more, in which case nothing is reserved
     */
    CompletionStage<Void> extend(Amount more);

    /** What is left of the tightest limit of each unit after this call, for the answer's headers; empty without limits. */
    List<Headroom> headroom();

    /** The limits in shadow mode that would have refused the call, as messages name them. */
    default List<String> shadowed() {
        return List.of();
    }

    /**
     * What is left of a limit.
     *
     * @param unit "requests", "tokens", "input-tokens" or "output-tokens"
     * @param limit the whole allowance per period or window
     * @param remaining what is left of it
     * @param resetNanos nanoseconds until it is whole again
     */
    record Headroom(String unit, long limit, long remaining, long resetNanos) {}
}
