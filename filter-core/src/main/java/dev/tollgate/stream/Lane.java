package dev.tollgate.stream;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time, in the order they come, on the thread that brings the first of them; nobody ever waits. What only
 * tasks of one lane touch needs no lock, and a task brought by a running one comes after it, never inside it.
 */
public final class Lane {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Consumer<Throwable> onError;

    /** @param onError takes what a task throws; the tasks after it run all the same, even if it throws too */
    public Lane(Consumer<Throwable> onError) {
        this.onError = onError;
    }

    public void run(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() != 0) {
            return;
        }
        do {
            runNext();
        } while (waiting.decrementAndGet() != 0);
    }

    /**
     * Takes what a stage comes to: at once where it is there already, else in a task of its own. To be called in this lane.
     *
     * @param taker takes the value, or what went wrong
     */
    public <T> void take(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> taker) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (future.isDone()) {
            take(future, taker);
        } else {
            stage.whenComplete((value, failure) -> run(() -> take(future, taker)));
        }
    }

    private static <T> void take(CompletableFuture<T> future, BiConsumer<@Nullable T, @Nullable Throwable> taker) {
        T value;
        try {
            value = future.join();
        } catch (CompletionException failure) {
            taker.accept(null, failure.getCause() == null ? failure : failure.getCause());
            return;
        }
        taker.accept(value, null);
    }

    private void runNext() {
        Runnable task = tasks.poll();
        try {
            if (task != null) {
                task.run();
            }
        } catch (Throwable fault) {
            tell(fault);
        }
    }

    private void tell(Throwable fault) {
        try {
            onError.accept(fault);
        } catch (Throwable another) {
            // A lane that stopped here would take every task to come and run none.
            fault.addSuppressed(another);
        }
    }
}
