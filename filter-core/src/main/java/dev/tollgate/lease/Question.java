package dev.tollgate.lease;

import dev.tollgate.limit.Allowance;
import org.jspecify.annotations.Nullable;

/** A question to the cluster: for one call alone, or for several, or for the slice. What is owed is charged when the answer is yes. */
final class Question {
    final Allowance shared;
    final long amount;
    final long owed;
    final long leaving;
    final @Nullable Waiter alone;
    final long asked;

    Question(Allowance shared, long amount, long owed, long leaving, @Nullable Waiter alone, long asked) {
        this.shared = shared;
        this.amount = amount;
        this.owed = owed;
        this.leaving = leaving;
        this.alone = alone;
        this.asked = asked;
    }
}
