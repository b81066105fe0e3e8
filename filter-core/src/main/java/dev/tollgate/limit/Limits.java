package dev.tollgate.limit;

import java.util.concurrent.CompletionStage;

/** All limits of a set-up. */
public interface Limits {

    /**
     * Reserves what a call needs of every limit that applies to it: all of them, or none.
     *
     * @return the permit; or fails with a {@link dev.tollgate.Refusal} that names the binding limit and the true wait
     */
    CompletionStage<Permit> reserve(Demand demand);
}
