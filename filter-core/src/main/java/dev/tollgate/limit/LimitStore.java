package dev.tollgate.limit;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Where buckets live: in this JVM, or shared by the nodes of a cluster.
 */
public interface LimitStore extends AutoCloseable {

    /**
     * Takes tokens from a bucket, creating it full when it does not exist.
     *
     * @param bucket the bucket's name; equal names share one bucket
     * @param shape its capacity and refill
     * @param tokens how many to take, at least 1
     * @return the verdict; fails when the store cannot answer within its deadline, in which case the tokens may or may not
     *     have been taken
     */
    CompletionStage<Verdict> take(String bucket, Shape shape, long tokens);

    /**
     * How long {@link #take} would have to wait, as things stand; takes nothing and creates no bucket.
     *
     * @return nanoseconds until the tokens will be there, fractions cut off, 0 when they are; fails as {@link #take} does
     */
    CompletionStage<Long> waitNanos(String bucket, Shape shape, long tokens);

    /** Puts tokens back, at most once and never retried; a full bucket stays full. */
    void giveBack(String bucket, Shape shape, long tokens);

    @Override
    void close();

    /**
     * A bucket that holds {@code capacity} tokens and refills them evenly over {@code period}. When a bucket is used with
     * another shape than before, it takes that shape and stays as full as it was in proportion.
     */
    record Shape(long capacity, Duration period) {}

    /**
     * The answer to {@link #take}.
     *
     * @param taken whether the tokens were there
     * @param remaining tokens left
     * @param waitNanos nanoseconds until the same call would succeed, fractions cut off; 0 when it did
     * @param fullNanos nanoseconds until the bucket is full again
     */
    record Verdict(boolean taken, long remaining, long waitNanos, long fullNanos) {}
}
