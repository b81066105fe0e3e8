package dev.tollgate.lease;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where holdings ask the cluster for slots, which no call may wait for longer than the deadline. */
record SlotDesk(
        SharedSlots shared, int members, ScheduledExecutorService timers, LongSupplier nanoTime, LeaseCounts counts) {

    long now() {
        return nanoTime.getAsLong();
    }

    void send(SlotHolding holding, SlotName name, Operation operation) {
        if (operation.asksForMore()) {
            run(
                    () -> shared.hold(name.name(), operation.most, name.onLoss(), operation.least, operation.wanted),
                    () -> holding.overdue(operation),
                    (answer, failure) -> holding.ended(operation, answer, failure));
        } else {
            run(
                    () -> shared.renew(Map.of(name, operation.wanted)),
                    () -> holding.overdue(operation),
                    (done, failure) -> holding.ended(operation, null, failure));
        }
    }

    /** Runs an operation, and tells when it is late and when it has ended. */
    <T> void run(Supplier<CompletionStage<T>> operation, Runnable overdue, End<T> end) {
        counts.questions.increment();
        Future<?> deadline;
        try {
            deadline = timers.schedule(() -> late(overdue), LeaseDesk.DEADLINE_NANOS, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            end.of(null, closing);
            return;
        }
        started(operation).whenComplete((answer, failure) -> {
            if (!deadline.cancel(false)) {
                counts.lateAnswers.increment();
            }
            if (failure == null) {
                counts.outage.answered(now());
            } else {
                counts.failures.increment();
                failed(failure);
            }
            end.of(answer, failure);
        });
    }

    private void late(Runnable overdue) {
        counts.timeouts.increment();
        failed(new ClusterSilentException("no answer within 250 ms"));
        overdue.run();
    }

    void later(Runnable work, long nanos) {
        try {
            Future<?> unused = timers.schedule(work, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            work.run();
        }
    }

    void failed(Throwable failure) {
        counts.outage.failed(failure, now());
    }

    private static <T> CompletionStage<T> started(Supplier<CompletionStage<T>> operation) {
        try {
            return operation.get();
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    /** Told how an operation ended: one of both is null, or both where it has no result. */
    interface End<T> {
        void of(@Nullable T answer, @Nullable Throwable failure);
    }
}
