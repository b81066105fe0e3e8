package dev.tollgate.route;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The targets of a call in the order to ask them.
 *
 * @param order whom to ask, the most preferred first; empty when no target can do what the call needs
 * @param excluded those that are passed over
 * @param lastStanding whether all were to be passed over for how they stand, so that the best of them are asked after all
 */
public record Ranking(List<Candidate> order, List<Exclusion> excluded, boolean lastStanding) {
    public Ranking {
        order = List.copyOf(order);
        excluded = List.copyOf(excluded);
    }

    /**
     * A target that is passed over.
     *
     * @param detail why, in words for people
     * @param left how long that lasts, where it is known
     */
    public record Exclusion(Candidate candidate, Reason reason, String detail, Optional<Duration> left) {}

    /** Why a target is passed over. */
    public enum Reason {
        CIRCUIT_OPEN,
        COOLING,
        LIMIT_SPENT,
        UNHEALTHY,
        CONTEXT_TOO_SMALL,
        CANNOT,
        TAGS
    }
}
