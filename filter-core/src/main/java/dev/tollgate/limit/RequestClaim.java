package dev.tollgate.limit;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.limit.Allowance.Shape;
import java.time.Duration;

/**
 * One request, as one limit wants it for one call.
 *
 * @param allowance what it is taken from
 * @param whose whom the limit concerns, as a message names them
 */
record RequestClaim(Allowance allowance, String whose) {

    /** Of two claims on the same bucket, the one that allows less. */
    static RequestClaim stricter(RequestClaim one, RequestClaim other) {
        return one.allowance.shape().capacity() <= other.allowance.shape().capacity() ? one : other;
    }

    /**
     * The refusal when the bucket is spent.
     *
     * @param waitNanos nanoseconds until it will let a call through, fractions cut off
     */
    Refusal refusal(long waitNanos) {
        Duration wait = Periods.wholeMillis(waitNanos);
        long capacity = allowance.shape().capacity();
        String requests = capacity == 1 ? "1 request" : capacity + " requests";
        String message =
                whose + " may make " + requests + " per " + Periods.name(((Shape.Bucket) allowance.shape()).period())
                        + " and has made them; try again in " + Periods.length(wait);
        return new Refusal(ErrorCode.POLICY_RATE_LIMITED, message).retryAfter(wait);
    }
}
