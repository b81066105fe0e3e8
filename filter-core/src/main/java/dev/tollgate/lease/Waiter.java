package dev.tollgate.lease;

import dev.tollgate.limit.LimitStore.Verdict;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call that waits for the cluster. */
final class Waiter {
    final long amount;
    final long leaving;
    final long since;
    final CompletableFuture<Verdict> answer = new CompletableFuture<>();

    Waiter(long amount, long leaving, long since) {
        this.amount = amount;
        this.leaving = leaving;
        this.since = since;
    }

    void fail(Throwable failure) {
        answer.completeExceptionally(failure);
    }

    void settle(@Nullable Verdict verdict, @Nullable Throwable failure) {
        if (verdict != null) {
            answer.complete(verdict);
        } else if (failure != null) {
            answer.completeExceptionally(failure);
        }
    }
}
