package dev.tollgate.limit;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.config.Settings.Per;
import java.time.Duration;

/**
 * A place among the calls under way, as one limit wants it for one call.
 *
 * @param name what it is counted under
 * @param per what kind of subject the limit is about
 * @param whose whom the limit concerns, as a message names them
 * @param most how many calls may be under way
 * @param onLoss what is done when the cluster cannot answer
 */
record SlotClaim(String name, Per per, String whose, long most, OnLoss onLoss, Manner manner) {
    // An estimate, and the only wait of ours that is one: a slot is free when some call ends, and nobody knows when.
    private static final Duration WAIT = Duration.ofSeconds(1);

    /** Of two claims on the same name, the one that allows less. */
    static SlotClaim stricter(SlotClaim one, SlotClaim other) {
        return one.most <= other.most ? one : other;
    }

    /** The limit as messages and logs name it. */
    String limit() {
        return whose + ": " + calls() + " at a time";
    }

    /** The refusal when no slot is free. Its wait of one second is an estimate. */
    Refusal refusal() {
        return new Refusal(
                        ErrorCode.POLICY_CONCURRENCY_LIMITED,
                        whose + " may have " + calls() + " under way at a time and has; try again when one has ended")
                .retryAfter(WAIT);
    }

    private String calls() {
        return most == 1 ? "1 call" : most + " calls";
    }
}
