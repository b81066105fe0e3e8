package dev.tollgate.health;

import dev.tollgate.health.Standing.Condition;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether somebody may be asked now, for one of the reasons there are.
 *
 * @param left nanoseconds until that may be otherwise; 0 where it is not known
 * @param share of the usual calls, above 0, up to 1
 */
record Outlook(Condition condition, long left, double share) {
    static final Outlook WELL = new Outlook(Condition.WELL, 0, 1);
    static final Outlook PROBING = new Outlook(Condition.PROBING, 0, Breaker.LEAST_SHARE);

    static Outlook until(Condition condition, long left) {
        return left > 0 ? new Outlook(condition, left, 1) : WELL;
    }

    /** How long until that may be otherwise, where it is known. */
    Optional<Duration> time() {
        return left > 0 ? Optional.of(Duration.ofNanos(left)) : Optional.empty();
    }

    boolean isUsable() {
        return condition == Condition.WELL || condition == Condition.PROBING;
    }

    /** What is left of two, both of which are needed. */
    Outlook and(Outlook other) {
        return other.compare(this) > 0 ? other : this;
    }

    /** What is to be had of two, either of which will do. */
    Outlook or(Outlook other) {
        return other.compare(this) < 0 ? other : this;
    }

    /** Above 0 where this is worse than another. */
    int compare(Outlook other) {
        if (isUsable() != other.isUsable()) {
            return isUsable() ? -1 : 1;
        }
        if (!isUsable()) {
            return Long.compare(left, other.left);
        }
        int byCondition = condition.compareTo(other.condition);
        return byCondition != 0 ? byCondition : Double.compare(other.share, share);
    }
}
