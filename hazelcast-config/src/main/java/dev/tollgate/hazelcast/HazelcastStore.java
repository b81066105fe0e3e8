package dev.tollgate.hazelcast;

import com.hazelcast.map.IMap;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.VerboseResult;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.grid.hazelcast.Bucket4jHazelcast;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/*
 * Invariants:
 * - No call waits for the cluster longer than the deadline, which is far below the five seconds after which Hazelcast reports
 *   success without its backups. A take that was too late may still happen; it is never repeated and never given back.
 * - Tokens are given back at most once and never by a retry of ours: a doubled take refuses one call too many, a doubled
 *   return lets one too many through.
 */
/**
 * Buckets shared by the nodes of a cluster, each kept by one member and backed up by another.
 *
 * <p>Only buckets are shared. Limits on concurrent calls hold per node for now: with three nodes, three times as many calls
 * may be under way as the limit says.
 */
public final class HazelcastStore implements LimitStore {
    /** How long calls wait for the cluster. */
    static final Duration DEADLINE = Duration.ofMillis(250);

    /** How long a bucket is kept after it has become full: a full one is like one that was never used. */
    private static final Duration KEPT_WHEN_FULL = Duration.ofSeconds(10);

    private final AsyncProxyManager<String> buckets;
    private final Duration deadline;
    private final Runnable closing;

    /**
     * @param map where the buckets are kept, on members that have Bucket4j's serializers
     * @param nanoTime the clock of all nodes, in nanoseconds since any moment that is the same for all
     * @param deadline how long a call waits for the cluster
     * @param closing ends the membership
     */
    HazelcastStore(IMap<String, byte[]> map, LongSupplier nanoTime, Duration deadline, Runnable closing) {
        this.buckets = Bucket4jHazelcast.entryProcessorBasedBuilder(map)
                .clientClock(new SharedTime(nanoTime))
                .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT_WHEN_FULL))
                .build()
                .asAsync();
        this.deadline = deadline;
        this.closing = closing;
    }

    @Override
    public CompletionStage<Verdict> take(Allowance allowance, long tokens, long leaving) {
        BucketConfiguration wanted = configuration(allowance);
        AsyncBucketProxy proxy = proxy(allowance.name(), wanted);
        return withDeadline(taken(proxy, tokens).thenCompose(result -> {
                    if (result.getConfiguration().equals(wanted)) {
                        return CompletableFuture.completedFuture(result);
                    }
                    return reshape(proxy, wanted, result, tokens);
                }))
                .thenApply(result -> verdict(result.getValue()));
    }

    /**
     * Gives the bucket the shape that is wanted now. Tokens that were taken in the old shape stay taken; when they were
     * refused they are asked for again, for the new shape may have them.
     */
    private static CompletableFuture<VerboseResult<ConsumptionProbe>> reshape(
            AsyncBucketProxy proxy, BucketConfiguration wanted, VerboseResult<ConsumptionProbe> old, long tokens) {
        CompletableFuture<Void> reshaped = proxy.replaceConfiguration(wanted, TokensInheritanceStrategy.PROPORTIONALLY);
        if (!old.getValue().isConsumed()) {
            return reshaped.thenCompose(done -> taken(proxy, tokens));
        }
        return reshaped.thenCompose(done -> proxy.getAvailableTokens())
                .thenApply(left -> old.withValue(
                        ConsumptionProbe.consumed(left, old.getValue().getNanosToWaitForReset())));
    }

    @Override
    public CompletionStage<Long> waitNanos(Allowance allowance, long tokens, long leaving) {
        return withDeadline(proxy(allowance.name(), configuration(allowance)).estimateAbilityToConsume(tokens))
                .thenApply(probe -> probe.getNanosToWaitForRefill());
    }

    @Override
    public void giveBack(Allowance allowance, long tokens) {
        // Nobody waits for it: what is lost here refuses one call too many.
        withDeadline(proxy(allowance.name(), configuration(allowance)).addTokens(tokens))
                .exceptionally(failure -> null);
    }

    @Override
    public void charge(Allowance allowance, long amount) {
        withDeadline(proxy(allowance.name(), configuration(allowance)).consumeIgnoringRateLimits(amount))
                .exceptionally(failure -> null);
    }

    @Override
    public void seed(Allowance window, long charged) {
        throw new UnsupportedOperationException("windows are not shared yet");
    }

    @Override
    public CompletionStage<Boolean> first(String event, Instant until) {
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public void close() {
        closing.run();
    }

    private AsyncBucketProxy proxy(String bucket, BucketConfiguration configuration) {
        return buckets.builder().build(bucket, () -> CompletableFuture.completedFuture(configuration));
    }

    private static CompletableFuture<VerboseResult<ConsumptionProbe>> taken(AsyncBucketProxy proxy, long tokens) {
        return proxy.asVerbose().tryConsumeAndReturnRemaining(tokens);
    }

    private static Verdict verdict(ConsumptionProbe probe) {
        return new Verdict(
                probe.isConsumed(),
                probe.getRemainingTokens(),
                probe.getNanosToWaitForRefill(),
                probe.getNanosToWaitForReset(),
                true);
    }

    private static BucketConfiguration configuration(Allowance allowance) {
        Shape.Bucket shape = (Shape.Bucket) allowance.shape();
        return BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(shape.capacity() - shape.lent())
                        .refillGreedy(shape.capacity(), shape.period())
                        .initialTokens(shape.capacity()))
                .build();
    }

    private <T> CompletableFuture<T> withDeadline(CompletableFuture<T> answer) {
        return answer.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    private record SharedTime(LongSupplier nanoTime) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
