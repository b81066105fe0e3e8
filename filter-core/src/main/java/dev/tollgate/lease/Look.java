package dev.tollgate.lease;

import dev.tollgate.limit.LimitStore.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the cluster says of a wait, for a tenth of a second. More has to wait as long at least, and less no longer. */
final class Look {
    private static final long KEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final long amount;
    private final long leaving;
    private final CompletableFuture<Long> answer = new CompletableFuture<>();
    private long answered;

    Look(long amount, long leaving, long now) {
        this.amount = amount;
        this.leaving = leaving;
        this.answered = now;
    }

    /** The wait, once it is told. */
    CompletionStage<Long> answer() {
        return answer;
    }

    /** Whether it tells of such an amount too; the same amount waits for what is asked already. */
    boolean answers(long other, long otherLeaving, long now) {
        boolean same = other == amount && otherLeaving == leaving;
        if (!answer.isDone()) {
            return same;
        }
        if (answer.isCompletedExceptionally() || now - answered >= KEPT_NANOS) {
            return false;
        }
        long waits = answer.join();
        return waits == 0 ? other <= amount && otherLeaving <= leaving : same && now - answered < waits;
    }

    CompletionStage<Long> nanos(long now) {
        if (!answer.isDone()) {
            return answer;
        }
        long waits = answer.join();
        boolean passes = waits > 0 && waits != Verdict.NEVER;
        return CompletableFuture.completedStage(passes ? waits - (now - answered) : waits);
    }

    /** The cluster has answered, or failed to, at a moment; {@link #tell} hands it on, which is not done while a lock is held. */
    void heard(long now) {
        answered = now;
    }

    void tell(@Nullable Long nanos, @Nullable Throwable failure) {
        if (nanos != null) {
            answer.complete(nanos);
        } else if (failure != null) {
            answer.completeExceptionally(failure);
        }
    }
}
