package dev.tollgate.limit;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** A local store whose takes and returns are counted, and which fails for chosen buckets. */
final class WatchedStore implements LimitStore {
    final Map<String, Integer> taken = new HashMap<>();
    final Map<String, Integer> givenBack = new HashMap<>();
    int questions;
    Predicate<String> fails = bucket -> false;
    boolean failsAfterTaking;
    boolean throwsAtOnce;

    private final LocalStore buckets;

    WatchedStore(LocalStore buckets) {
        this.buckets = buckets;
    }

    /** Requests of a bucket that have been taken and not given back. */
    int kept(String bucket) {
        return taken.getOrDefault(bucket, 0) - givenBack.getOrDefault(bucket, 0);
    }

    @Override
    public synchronized CompletionStage<Verdict> take(String bucket, Shape shape, long tokens) {
        questions++;
        if (fails.test(bucket)) {
            if (failsAfterTaking) {
                buckets.take(bucket, shape, tokens);
            }
            return fail();
        }
        return buckets.take(bucket, shape, tokens).thenApply(verdict -> {
            taken.merge(bucket, verdict.taken() ? 1 : 0, Integer::sum);
            return verdict;
        });
    }

    @Override
    public synchronized CompletionStage<Long> waitNanos(String bucket, Shape shape, long tokens) {
        questions++;
        return fails.test(bucket) ? fail() : buckets.waitNanos(bucket, shape, tokens);
    }

    @Override
    public synchronized void giveBack(String bucket, Shape shape, long tokens) {
        givenBack.merge(bucket, 1, Integer::sum);
        buckets.giveBack(bucket, shape, tokens);
    }

    @Override
    public void close() {
        buckets.close();
    }

    private <T> CompletionStage<T> fail() {
        if (throwsAtOnce) {
            throw new IllegalStateException("not to be reached");
        }
        return CompletableFuture.failedStage(new IllegalStateException("not to be reached"));
    }
}
