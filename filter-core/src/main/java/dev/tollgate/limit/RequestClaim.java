package dev.tollgate.limit;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.limit.LimitStore.Shape;
import java.time.Duration;

/**
 * One request, as one limit wants it for one call.
 *
 * @param bucket the bucket it is taken from
 * @param whose whom the limit concerns, as a message names them
 */
record RequestClaim(String bucket, String whose, Shape shape) {

    /** Of two claims on the same bucket, the one that allows less. */
    static RequestClaim stricter(RequestClaim one, RequestClaim other) {
        return one.shape.capacity() <= other.shape.capacity() ? one : other;
    }

    /**
     * The refusal when the bucket is spent.
     *
     * @param waitNanos nanoseconds until it will let a call through, fractions cut off
     */
    Refusal refusal(long waitNanos) {
        Duration wait = Periods.wholeMillis(waitNanos);
        String requests = shape.capacity() == 1 ? "1 request" : shape.capacity() + " requests";
        String message = whose + " may make " + requests + " per " + Periods.name(shape.period())
                + " and has made them; try again in " + Periods.length(wait);
        return new Refusal(ErrorCode.POLICY_RATE_LIMITED, message).retryAfter(wait);
    }
}
