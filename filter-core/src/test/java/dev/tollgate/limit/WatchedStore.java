package dev.tollgate.limit;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** A local store whose takes and returns are counted, and which fails for chosen buckets. */
final class WatchedStore implements LimitStore {
    final Map<String, Integer> taken = new HashMap<>();
    final Map<String, Integer> givenBack = new HashMap<>();
    int questions;
    Predicate<String> fails = bucket -> false;
    boolean isSilent;
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
    public synchronized CompletionStage<Verdict> take(Allowance allowance, long amount, long leaving) {
        questions++;
        if (isSilent) {
            return new CompletableFuture<>();
        }
        if (fails.test(allowance.name())) {
            if (failsAfterTaking) {
                buckets.take(allowance, amount, leaving);
            }
            return fail();
        }
        return buckets.take(allowance, amount, leaving).thenApply(verdict -> {
            taken.merge(allowance.name(), verdict.taken() ? 1 : 0, Integer::sum);
            return verdict;
        });
    }

    @Override
    public synchronized CompletionStage<Long> waitNanos(Allowance allowance, long amount, long leaving) {
        questions++;
        return fails.test(allowance.name()) ? fail() : buckets.waitNanos(allowance, amount, leaving);
    }

    @Override
    public OptionalLong remaining(Allowance allowance) {
        return buckets.remaining(allowance);
    }

    @Override
    public synchronized void giveBack(Allowance allowance, long amount) {
        givenBack.merge(allowance.name(), 1, Integer::sum);
        buckets.giveBack(allowance, amount);
    }

    @Override
    public synchronized void charge(Allowance allowance, long amount) {
        buckets.charge(allowance, amount);
    }

    @Override
    public void seed(Allowance window, long charged) {
        buckets.seed(window, charged);
    }

    @Override
    public CompletionStage<Boolean> first(String event, Instant until) {
        return buckets.first(event, until);
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
