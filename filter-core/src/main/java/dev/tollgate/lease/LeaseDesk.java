package dev.tollgate.lease;

import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.LimitStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Where leases ask the cluster, none of which may wait for it longer than the deadline. */
record LeaseDesk(
        LimitStore grid, Lending lending, ScheduledExecutorService timers, LongSupplier nanoTime, LeaseCounts counts) {
    static final long DEADLINE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    long now() {
        return nanoTime.getAsLong();
    }

    void ask(Lease lease, Question question) {
        counts.questions.increment();
        Future<?> deadline;
        try {
            deadline = timers.schedule(() -> lease.overdue(question), DEADLINE_NANOS, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            lease.answered(question, null, closing);
            return;
        }
        answer(() -> grid.take(question.shared, question.amount, question.leaving))
                .whenComplete((verdict, failure) -> {
                    deadline.cancel(false);
                    lease.answered(question, verdict, failure);
                });
    }

    void giveBack(Allowance shared, long amount) {
        try {
            grid.giveBack(shared, amount);
        } catch (RuntimeException lost) {
            failed(lost);
        }
    }

    void charge(Allowance shared, long amount) {
        try {
            grid.charge(shared, amount);
        } catch (RuntimeException lost) {
            failed(lost);
        }
    }

    void failed(Throwable failure) {
        counts.outage.failed(failure, now());
    }

    void answered() {
        counts.outage.answered(now());
    }

    /** The answer to a question that no lease keeps account of, or a failure when it does not come in time. */
    <T> CompletionStage<T> inTime(Supplier<CompletionStage<T>> question) {
        CompletableFuture<T> inTime = new CompletableFuture<>();
        Future<?> deadline;
        try {
            deadline = timers.schedule(
                    () -> {
                        inTime.completeExceptionally(new ClusterSilentException("no answer within 250 ms"));
                    },
                    DEADLINE_NANOS,
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            return CompletableFuture.failedStage(closing);
        }
        answer(question).whenComplete((answer, failure) -> {
            deadline.cancel(false);
            if (failure == null) {
                inTime.complete(answer);
            } else {
                inTime.completeExceptionally(failure);
            }
        });
        return inTime;
    }

    private static <T> CompletionStage<T> answer(Supplier<CompletionStage<T>> question) {
        try {
            return question.get();
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }
}
