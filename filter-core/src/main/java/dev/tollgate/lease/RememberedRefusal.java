package dev.tollgate.lease;

import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore.Verdict;
import java.util.concurrent.TimeUnit;

/**
 * The cluster's last refusal, by which calls that want as much or more are refused without asking again.
 *
 * @param needed what was refused: what was asked of the cluster and what was to be left
 * @param until until when it is remembered
 * @param waitFrom when the wait was told
 * @param waitNanos the wait; or {@link Verdict#NEVER}
 */
record RememberedRefusal(long needed, long until, long waitFrom, long waitNanos) {
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    static RememberedRefusal of(long needed, long waitNanos, long now) {
        return new RememberedRefusal(needed, now + Math.min(waitNanos, LONGEST_NANOS), now, waitNanos);
    }

    boolean holds(long amount, long now) {
        return amount >= needed && now - until < 0;
    }

    /** How long a call has to wait that needs at least as much. */
    long waitNanos(Allowance shared, long amount, long now) {
        if (waitNanos == Verdict.NEVER) {
            return waitNanos;
        }
        return Math.max(1, waitNanos - (now - waitFrom)) + longerFor(shared.shape(), amount - needed);
    }

    private static long longerFor(Shape shape, long more) {
        return more > 0 && shape instanceof Shape.Bucket bucket
                ? Lending.scaled(more, bucket.period().toNanos(), bucket.capacity())
                : 0;
    }
}
