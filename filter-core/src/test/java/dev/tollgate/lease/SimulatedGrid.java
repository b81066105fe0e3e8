package dev.tollgate.lease;

import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.LimitStore;
import dev.tollgate.testing.ManualTimers;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** One node's way to the cluster: messages take their time, overtake each other, fail or are lost, there and back. */
final class SimulatedGrid implements LimitStore {
    int takes;
    int messages;

    private final LimitStore cluster;
    private final ManualTimers network;
    private final ManualTimers node;
    private final RandomGenerator random;
    private Weather weather;

    /** @param node where answers arrive, which a node that is paused does not read */
    SimulatedGrid(
            LimitStore cluster, ManualTimers network, ManualTimers node, Weather weather, RandomGenerator random) {
        this.cluster = cluster;
        this.network = network;
        this.node = node;
        this.weather = weather;
        this.random = random;
    }

    void turn(Weather changed) {
        weather = changed;
    }

    @Override
    public CompletionStage<Verdict> take(Allowance allowance, long amount, long leaving) {
        takes++;
        return asked(() -> cluster.take(allowance, amount, leaving));
    }

    @Override
    public CompletionStage<Long> waitNanos(Allowance allowance, long amount, long leaving) {
        return asked(() -> cluster.waitNanos(allowance, amount, leaving));
    }

    @Override
    public void giveBack(Allowance allowance, long amount) {
        told(() -> cluster.giveBack(allowance, amount));
    }

    @Override
    public void charge(Allowance allowance, long amount) {
        told(() -> cluster.charge(allowance, amount));
    }

    @Override
    public void seed(Allowance window, long charged) {
        cluster.seed(window, charged);
    }

    @Override
    public CompletionStage<Boolean> first(String event, Instant until) {
        return asked(() -> cluster.first(event, until));
    }

    @Override
    public void close() {}

    private <T> CompletionStage<T> asked(Supplier<CompletionStage<T>> question) {
        messages++;
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean failsFirst = random.nextInt(200) < weather.failed();
        boolean failsAfter = random.nextInt(200) < weather.failed();
        if (!isLost()) {
            later(network, () -> {
                CompletionStage<T> done = failsFirst ? failure() : question.get();
                CompletionStage<T> told = failsAfter ? failure() : done;
                if (!isLost()) {
                    later(
                            network,
                            () -> node.execute(() -> told.whenComplete((value, failed) -> {
                                if (failed == null) {
                                    answer.complete(value);
                                } else {
                                    answer.completeExceptionally(failed);
                                }
                            })));
                }
            });
        }
        return answer;
    }

    private void told(Runnable message) {
        messages++;
        if (!isLost()) {
            later(network, message);
        }
    }

    private boolean isLost() {
        return random.nextInt(200) < weather.lost();
    }

    private void later(ManualTimers timers, Runnable work) {
        long nanos = random.nextLong(TimeUnit.MILLISECONDS.toNanos(weather.longestMillis()) + 1);
        Future<?> unused = timers.schedule(work, nanos, TimeUnit.NANOSECONDS);
    }

    private static <T> CompletionStage<T> failure() {
        return CompletableFuture.failedStage(new IllegalStateException("fails in this weather"));
    }
}
