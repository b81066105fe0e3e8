package dev.tollgate.lease;

import java.util.concurrent.TimeUnit;

/*
 * Invariants:
 * - What flows back cannot be taken here any more, and goes to the cluster once: an amount that is lost on the way is lost.
 * - A slice is used for two seconds after the cluster last gave of it. The cluster forgets a bucket that has been full for ten
 *   seconds, and then begins a full one: what was taken from the forgotten one must not come back to that.
 */
/** What this node holds of an allowance: taken from the cluster and not yet used, or flowing back. Not safe for use by several threads. */
final class Slice {
    static final long USABLE_NANOS = TimeUnit.SECONDS.toNanos(2);
    static final long FLUSH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long FORGOTTEN_NANOS = TimeUnit.SECONDS.toNanos(9);
    private static final long HELD_BACK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final boolean forgotten;
    private long held;
    private long given;
    private long returning;
    private long returningSince;
    private long flushed;

    /** @param forgotten whether the cluster forgets the allowance when it has long been full */
    Slice(boolean forgotten, long now) {
        this.forgotten = forgotten;
        this.given = now;
        this.flushed = now - FLUSH_NANOS;
    }

    long held() {
        return held;
    }

    boolean isEmpty() {
        return held == 0 && returning == 0;
    }

    /** Whether the cluster has given of it lately. */
    boolean isFresh(long now) {
        return now - given <= USABLE_NANOS;
    }

    void take(long amount) {
        held -= amount;
    }

    /** Adds what the cluster has given when it was asked at a time. */
    void add(long amount, long asked) {
        held += amount;
        given = Math.max(asked - given, 0) + given;
    }

    /** Adds what calls did not use. */
    void putBack(long amount) {
        held += amount;
    }

    /** Lets all above an amount flow back. */
    void keep(long most, long now) {
        if (held > most) {
            flowBack(held - most, now);
            held = most;
        }
    }

    /** Lets an amount flow back that is not part of the slice. */
    void flowBack(long amount, long now) {
        if (returning == 0) {
            returningSince = now;
        }
        returning += amount;
    }

    /** Lets a slice flow back that is too old to be used, or drops it where the cluster may have forgotten it. */
    void age(long now) {
        if (held > 0 && !isFresh(now)) {
            if (!forgotten || now - given <= FORGOTTEN_NANOS) {
                flowBack(held, now);
            }
            held = 0;
        }
        if (returning > 0 && forgotten && now - returningSince > FORGOTTEN_NANOS) {
            returning = 0;
        }
    }

    /** Takes as much as there is of an amount, of what is held and of what flows back. */
    long spend(long amount) {
        long ofHeld = Math.min(amount, held);
        long ofReturning = Math.min(amount - ofHeld, returning);
        held -= ofHeld;
        returning -= ofReturning;
        return ofHeld + ofReturning;
    }

    /** What is to go to the cluster now; what is told here has left. */
    long flush(long now) {
        if (returning == 0 || now - flushed < FLUSH_NANOS) {
            return 0;
        }
        flushed = now;
        return flushAll();
    }

    long flushAll() {
        long amount = returning;
        returning = 0;
        return amount;
    }

    /** Drops what could not flow back for five seconds because there was no room for it. */
    void dropHeldBack(long now) {
        if (now - returningSince > HELD_BACK_NANOS) {
            returning = 0;
        }
    }
}
