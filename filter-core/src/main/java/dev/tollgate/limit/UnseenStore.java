package dev.tollgate.limit;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Allowances of which it is not known what is left: where limits are only looked at, without the nodes that count. It tells what is
 * more than there ever is, and nothing can be taken from it.
 */
public final class UnseenStore implements LimitStore {

    @Override
    public CompletionStage<Verdict> take(Allowance allowance, long amount, long leaving) {
        return CompletableFuture.failedStage(unknown());
    }

    @Override
    public CompletionStage<Long> waitNanos(Allowance allowance, long amount, long leaving) {
        return amount > allowance.shape().capacity() - leaving
                ? CompletableFuture.completedStage(Verdict.NEVER)
                : CompletableFuture.failedStage(unknown());
    }

    private static IllegalStateException unknown() {
        return new IllegalStateException("nothing is counted here");
    }

    @Override
    public OptionalLong remaining(Allowance allowance) {
        return OptionalLong.empty();
    }

    @Override
    public void giveBack(Allowance allowance, long amount) {}

    @Override
    public void charge(Allowance allowance, long amount) {}

    @Override
    public void seed(Allowance window, long charged) {}

    @Override
    public CompletionStage<Boolean> first(String event, Instant until) {
        return CompletableFuture.completedStage(false);
    }

    @Override
    public void close() {}
}
