package dev.tollgate.lease;

import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import java.math.BigInteger;
import java.util.concurrent.TimeUnit;

/*
 * Why a bucket lends: what a node holds outside a bucket would be there twice if the bucket filled up in the meantime, once in
 * the node's hand and once refilled. So a bucket that is shared refills only up to what all nodes together may not hold outside
 * (capacity - lent). Then what is in the bucket and in all hands is never more than the capacity, and in every interval no more is
 * admitted than capacity and refill, whatever nodes are paused, cut off or late, and without any of them knowing of another.
 */
/**
 * How much of an allowance each node may hold in advance, so that most calls need not ask the cluster.
 *
 * @param members how many nodes there are
 */
record Lending(int members) {
    private static final int SMALLEST_PART = 2000;
    private static final int LARGEST_PART = 20;
    private static final long REFILL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** The most that this node may hold: the refill of 250 ms or 1/2000, at most 1/20 for all nodes together; 0 for a small one. */
    long most(Shape shape) {
        long part = shape.capacity() / SMALLEST_PART;
        long most = part;
        if (shape instanceof Shape.Bucket bucket) {
            long refill =
                    scaled(bucket.capacity(), REFILL_NANOS, bucket.period().toNanos());
            most = Math.min(Math.max(part, refill), bucket.capacity() / LARGEST_PART / members);
        }
        return most < 2 ? 0 : most;
    }

    /** The allowance as the cluster keeps it. */
    Allowance shared(Allowance allowance) {
        long lent = most(allowance.shape()) * members;
        if (lent > 0 && allowance.shape() instanceof Shape.Bucket bucket) {
            Shape shape = new Shape.Bucket(bucket.capacity(), bucket.period(), lent);
            return new Allowance(allowance.name(), shape, allowance.onLoss());
        }
        return allowance;
    }

    /** What of a shared allowance is there again when nobody has taken anything for long. */
    static long full(Allowance shared) {
        Shape shape = shared.shape();
        return shape instanceof Shape.Bucket bucket ? bucket.capacity() - bucket.lent() : shape.capacity();
    }

    /** {@code amount * times / parts}, fractions cut off, without overflow on the way. */
    static long scaled(long amount, long times, long parts) {
        long product = amount * times;
        if (Math.multiplyHigh(amount, times) == 0 && product >= 0) {
            return product / parts;
        }
        BigInteger whole = BigInteger.valueOf(amount).multiply(BigInteger.valueOf(times));
        return whole.divide(BigInteger.valueOf(parts))
                .min(BigInteger.valueOf(Long.MAX_VALUE))
                .longValue();
    }
}
