package dev.tollgate.health;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a target stands.
 *
 * @param condition whether it may be asked, and if not, why
 * @param left how long that lasts, where it is known
 * @param share of its usual calls that it is to get while it is coming back: above 0, up to 1
 * @param inFlight calls under way
 * @param firstTokenNanos the time to first token in nanoseconds, as peak-EWMA; empty for a target that is cold
 * @param slowFirstTokenNanos the time to first token that it keeps nineteen times of twenty, in nanoseconds; empty where too few
 *     were seen
 */
public record Standing(
        Condition condition,
        Optional<Duration> left,
        double share,
        int inFlight,
        OptionalLong firstTokenNanos,
        OptionalLong slowFirstTokenNanos) {
    /** A target of which nothing is known. */
    public static final Standing UNKNOWN =
            new Standing(Condition.WELL, Optional.empty(), 1, 0, OptionalLong.empty(), OptionalLong.empty());

    /** Whether a target may be asked, and if not, why. */
    public enum Condition {
        WELL,
        /** It was let be and is tried again: only so many calls at a time. */
        PROBING,
        /** Its circuit is open. */
        OPEN,
        /** All its credentials are let be for a while, or are not accepted. */
        COOLING,
        /** A limit of the provider's is known to be spent. */
        SPENT,
        /** It has failed its health check. */
        UNHEALTHY
    }

    /** Whether it may be asked while there are others. */
    public boolean isUsable() {
        return condition == Condition.WELL || condition == Condition.PROBING;
    }
}
