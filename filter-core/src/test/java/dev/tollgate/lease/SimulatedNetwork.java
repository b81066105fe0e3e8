package dev.tollgate.lease;

import dev.tollgate.testing.ManualTimers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** One node's way to the cluster: messages take their time, overtake each other, fail or are lost, there and back. */
final class SimulatedNetwork {
    private final ManualTimers cluster;
    private final ManualTimers node;
    private final RandomGenerator random;
    private Weather weather;

    /** @param node where answers arrive, which a node that is paused does not read */
    SimulatedNetwork(ManualTimers cluster, ManualTimers node, Weather weather, RandomGenerator random) {
        this.cluster = cluster;
        this.node = node;
        this.weather = weather;
        this.random = random;
    }

    void turn(Weather changed) {
        weather = changed;
    }

    /** Asks, and is answered when the weather allows. */
    <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean failsFirst = random.nextInt(200) < weather.failed();
        boolean failsAfter = random.nextInt(200) < weather.failed();
        tell(() -> {
            CompletionStage<T> done = failsFirst ? failure() : question.get();
            CompletionStage<T> told = failsAfter ? failure() : done;
            tell(() -> node.execute(() -> told.whenComplete((value, failed) -> {
                if (failed == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(failed);
                }
            })));
        });
        return answer;
    }

    /** Sends a message that is not answered. */
    void tell(Runnable message) {
        if (random.nextInt(200) >= weather.lost()) {
            long nanos = random.nextLong(TimeUnit.MILLISECONDS.toNanos(weather.longestMillis()) + 1);
            Future<?> unused = cluster.schedule(message, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private static <T> CompletionStage<T> failure() {
        return CompletableFuture.failedStage(new IllegalStateException("fails in this weather"));
    }
}
