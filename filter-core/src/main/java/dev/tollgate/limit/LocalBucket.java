package dev.tollgate.limit;

import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore.Verdict;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A bucket in memory. A full one is like one that was never used. */
final class LocalBucket implements LocalCount {
    private final Bucket bucket;
    private Shape.Bucket shape;
    private boolean retired;

    LocalBucket(Shape.Bucket shape, LongSupplier nanoTime) {
        this.shape = shape;
        this.bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(shape.capacity() - shape.lent())
                        .refillGreedy(shape.capacity(), shape.period())
                        .initialTokens(shape.capacity()))
                .withCustomTimePrecision(new Clock(nanoTime))
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    @Override
    public synchronized @Nullable Verdict take(Shape wanted, long amount, long leaving) {
        if (retired) {
            return null;
        }
        reshape(wanted);
        long wait = leaving == 0 ? 0 : waitFor(amount, leaving);
        if (wait > 0) {
            return new Verdict(false, bucket.getAvailableTokens(), wait, fullNanos(), true);
        }
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(amount);
        return new Verdict(
                probe.isConsumed(),
                probe.getRemainingTokens(),
                probe.getNanosToWaitForRefill(),
                probe.getNanosToWaitForReset(),
                true);
    }

    @Override
    public synchronized long waitNanos(Shape wanted, long amount, long leaving) {
        if (retired) {
            return amount + leaving > wanted.capacity() ? Verdict.NEVER : 0;
        }
        reshape(wanted);
        return waitFor(amount, leaving);
    }

    @Override
    public synchronized long remaining(Shape wanted) {
        if (retired) {
            return wanted.capacity();
        }
        reshape(wanted);
        return bucket.getAvailableTokens();
    }

    private long waitFor(long amount, long leaving) {
        long needed = amount + leaving;
        return needed > shape.capacity()
                ? Verdict.NEVER
                : bucket.estimateAbilityToConsume(needed).getNanosToWaitForRefill();
    }

    private long fullNanos() {
        return bucket.estimateAbilityToConsume(shape.capacity() - shape.lent()).getNanosToWaitForRefill();
    }

    @Override
    public synchronized void giveBack(long amount) {
        bucket.addTokens(amount);
    }

    @Override
    public synchronized boolean charge(Shape wanted, long amount) {
        if (retired) {
            return false;
        }
        reshape(wanted);
        bucket.consumeIgnoringRateLimits(amount);
        return true;
    }

    /** A bucket knows no windows: what was used before has come back, or soon will have. */
    @Override
    public boolean seed(long charged) {
        return true;
    }

    @Override
    public synchronized boolean retireWhenIdle() {
        retired |= bucket.getAvailableTokens() >= shape.capacity();
        return retired;
    }

    private void reshape(Shape wanted) {
        if (wanted instanceof Shape.Bucket other && !other.equals(shape)) {
            bucket.replaceConfiguration(configuration(other), TokensInheritanceStrategy.PROPORTIONALLY);
            shape = other;
        }
    }

    private static BucketConfiguration configuration(Shape.Bucket shape) {
        return BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(shape.capacity() - shape.lent())
                        .refillGreedy(shape.capacity(), shape.period())
                        .initialTokens(shape.capacity()))
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
