package dev.tollgate.limit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** All limits of a set-up. */
public interface Limits {

    /**
     * Reserves what a call needs of every limit that concerns it: all of them, or none. A demand with a provider concerns the
     * limits that name one ({@code per: provider}, or {@code of: provider:x}) and no others; a demand without one all others.
     *
     * @return the permit; or fails with a {@link dev.tollgate.Refusal} that names the binding limit and the true wait, and has
     *     cost nothing
     */
    CompletionStage<Permit> reserve(Demand demand);

    /** What a call would be told, limit by limit. Takes nothing; where other nodes count too, they are asked at most once. */
    default CompletionStage<Outlook> look(Demand demand) {
        return CompletableFuture.completedStage(Outlook.CLEAR);
    }

    /** Counts what this node's own ledger has charged: once, at the start, before any call. */
    default void seed(Stream<PastUse> uses) {}
}
