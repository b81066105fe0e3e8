package dev.tollgate.limit;

import dev.tollgate.config.Settings.Per;
import dev.tollgate.config.Settings.Span;
import java.util.List;

/**
 * What one limit wants to count of one call.
 *
 * @param leaving how much of the allowance the call must leave to others
 * @param per what kind of subject the limit is about
 * @param whose whom it concerns, as a message names them
 * @param soft amounts, each of which is told of once in a window when it has been used
 */
record Claim(
        Counted unit,
        Allowance allowance,
        long leaving,
        Per per,
        String whose,
        Span span,
        Manner manner,
        List<Long> soft) {

    String name() {
        return allowance.name();
    }

    long capacity() {
        return allowance.shape().capacity();
    }

    /** Of two claims on the same allowance, the one that allows less. */
    static Claim stricter(Claim one, Claim other) {
        return one.capacity() <= other.capacity() ? one : other;
    }

    /** The limit as messages and logs name it, as {@code team "search": 500 USD per month}. */
    String limit() {
        return whose + ": " + unit.text(capacity()) + " per " + Periods.name(span);
    }
}
