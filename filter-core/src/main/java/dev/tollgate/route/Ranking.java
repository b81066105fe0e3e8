package dev.tollgate.route;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The targets of a call in the order to ask them.
 *
 * @param order whom to ask, the most preferred first; empty when no target can do what the call needs
 * @param excluded those that are passed over
 * @param lastStanding whether all were to be passed over for how they stand, so that they are asked after all, those first
 *     that are back soonest; they are among the excluded too, with the reason
 * @param sticky whether the first one is first because calls that have the same in common go there
 */
public record Ranking(List<Candidate> order, List<Exclusion> excluded, boolean lastStanding, boolean sticky) {
    public Ranking {
        order = List.copyOf(order);
        excluded = List.copyOf(excluded);
    }

    /** A ranking in which nothing is first for what calls have in common. */
    public Ranking(List<Candidate> order, List<Exclusion> excluded, boolean lastStanding) {
        this(order, excluded, lastStanding, false);
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
        /** Its circuit is open. */
        CIRCUIT_OPEN,
        /** Its credentials are let be for a while, or are not accepted. */
        COOLING,
        /** A limit of its provider's is spent. */
        LIMIT_SPENT,
        /** It has failed its health check. */
        UNHEALTHY,
        /** The call is too long for it, and not for another. */
        CONTEXT_TOO_SMALL,
        /** It lacks something that the call needs. */
        CANNOT,
        /** It has not all of the tags that it must have. */
        TAGS
    }
}
