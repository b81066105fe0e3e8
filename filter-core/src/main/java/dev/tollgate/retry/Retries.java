package dev.tollgate.retry;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** What all calls share that are tried again. */
public record Retries(RetryBudget budget, HedgeBudget hedges, Backoff backoff, RetryEvents events) {

    /** Budgets that are full. */
    public static Retries fresh(LongSupplier nanoTime, RandomGenerator random, RetryEvents events) {
        return new Retries(new RetryBudget(nanoTime), new HedgeBudget(), new Backoff(random), events);
    }
}
