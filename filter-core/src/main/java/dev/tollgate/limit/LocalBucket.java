package dev.tollgate.limit;

import dev.tollgate.limit.LimitStore.Shape;
import dev.tollgate.limit.LimitStore.Verdict;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A bucket in memory that can be retired. Retiring and taking exclude each other, so no token is ever taken from a bucket
 * that is about to be forgotten.
 */
final class LocalBucket {
    private final Bucket bucket;
    private Shape shape;
    private boolean retired;

    LocalBucket(Shape shape, LongSupplier nanoTime) {
        this.shape = shape;
        this.bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(shape.capacity()).refillGreedy(shape.capacity(), shape.period()))
                .withCustomTimePrecision(new Clock(nanoTime))
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    /** Takes tokens; null when this bucket is retired and another must be used. */
    synchronized @Nullable Verdict take(Shape wanted, long tokens) {
        if (retired) {
            return null;
        }
        if (!wanted.equals(shape)) {
            bucket.replaceConfiguration(configuration(wanted), TokensInheritanceStrategy.PROPORTIONALLY);
            shape = wanted;
        }
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(tokens);
        return new Verdict(
                probe.isConsumed(),
                probe.getRemainingTokens(),
                probe.getNanosToWaitForRefill(),
                probe.getNanosToWaitForReset());
    }

    synchronized long waitNanos(long tokens) {
        return retired ? 0 : bucket.estimateAbilityToConsume(tokens).getNanosToWaitForRefill();
    }

    synchronized void giveBack(long tokens) {
        bucket.addTokens(tokens);
    }

    /** Whether the bucket was full, in which case it is retired now. */
    synchronized boolean retireWhenFull() {
        retired |= bucket.getAvailableTokens() >= shape.capacity();
        return retired;
    }

    private static BucketConfiguration configuration(Shape shape) {
        return BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(shape.capacity()).refillGreedy(shape.capacity(), shape.period()))
                .build();
    }

    private record Clock(LongSupplier nanoTime) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
