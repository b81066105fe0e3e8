package dev.tollgate.limit;

import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore.Verdict;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is left of an allowance, in memory. It can be retired, which excludes taking from it: nothing is ever taken from one that
 * is about to be forgotten.
 */
interface LocalCount {

    /** An untouched one. */
    static LocalCount of(Shape shape, LongSupplier nanoTime, InstantSource clock) {
        return shape instanceof Shape.Window window
                ? new LocalWindow(window, clock)
                : new LocalBucket((Shape.Bucket) shape, nanoTime);
    }

    /** Takes an amount; null when this count is retired and another must be used. */
    @Nullable
    Verdict take(Shape wanted, long amount, long leaving);

    long waitNanos(Shape wanted, long amount, long leaving);

    /** What is left; negative when something is owed. */
    long remaining(Shape wanted);

    void giveBack(long amount);

    /** Takes what has been used already; false when this count is retired and another must be used. */
    boolean charge(Shape wanted, long amount);

    /** Charges what was used in an earlier life, once; false when this count is retired and another must be used. */
    boolean seed(long charged);

    /** Whether nothing is lost by forgetting it, in which case it is retired now. */
    boolean retireWhenIdle();
}
