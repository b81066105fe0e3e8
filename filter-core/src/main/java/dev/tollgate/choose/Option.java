package dev.tollgate.choose;

import dev.tollgate.health.Standing;
import dev.tollgate.route.Candidate;
import java.util.Comparator;

/** A target that can do what a call needs, and how it stands. */
record Option(Candidate candidate, Standing standing) {

    /** Targets go before fallbacks, and lower tiers before higher ones. */
    static final Comparator<Option> BY_RANK = Comparator.comparing(
                    (Option option) -> option.candidate().fallback())
            .thenComparingInt(option -> option.candidate().traits().tier());

    String label() {
        return candidate.label();
    }

    boolean isUsable() {
        return standing.isUsable();
    }

    /** Calls under way for each part of its weight; those without weight have the most. */
    double load() {
        return candidate.weight() > 0 ? (double) standing.inFlight() / candidate.weight() : Double.MAX_VALUE;
    }
}
