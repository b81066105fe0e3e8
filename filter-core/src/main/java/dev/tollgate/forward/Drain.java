package dev.tollgate.forward;

import dev.tollgate.Refusal;
import java.util.concurrent.TimeUnit;

/**
 * The rest of an answer that is read on after its caller has left, for its provider's word on what it used: for a while and up
 * to a size.
 *
 * @param why what became of the caller
 * @param sinceNanos when it began
 * @param fromByte how much of the answer had come then
 */
record Drain(Refusal why, long sinceNanos, long fromByte) {
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long MOST_BYTES = 1 << 20;

    /** Nanoseconds that it may still take. */
    long left(long now) {
        return MOST_NANOS - (now - sinceNanos);
    }

    /** @param received how much of the answer has come, in bytes */
    boolean isTooLarge(long received) {
        return received - fromByte > MOST_BYTES;
    }
}
