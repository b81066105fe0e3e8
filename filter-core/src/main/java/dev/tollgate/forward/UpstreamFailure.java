package dev.tollgate.forward;

/**
 * Why an attempt failed below HTTP.
 *
 * @param kind what failed
 * @param detail for the operator's log; never shown to callers, since it may name addresses
 */
public record UpstreamFailure(Kind kind, String detail) {
    /** What failed. */
    public enum Kind {
        /** No connection in time from the pool: too many calls to this provider at once. */
        POOL_EXHAUSTED,
        /** Name resolution or TCP: nothing was sent. */
        CONNECT,
        /** TLS: the peer is not known to be who it should be, or does not speak it well. Nothing was sent. */
        TLS,
        /** The connection broke after the request was sent, wholly or in part. */
        BROKEN,
        /** The peer broke the rules of HTTP, or its head was too large. */
        PROTOCOL,
        /** It was ended from this side after it was sent, wholly or in part, since the gateway is closing. */
        ABORTED,
        /** It was ended from this side before anything was sent, since the gateway is closing. */
        CLOSED
    }

    /** Whether it was ended from this side since the gateway is closing. */
    boolean isClosing() {
        return kind == Kind.ABORTED || kind == Kind.CLOSED;
    }

    /** Whether nothing of the request can have reached the provider. */
    boolean isUnsent() {
        return kind == Kind.POOL_EXHAUSTED || kind == Kind.CONNECT || kind == Kind.TLS || kind == Kind.CLOSED;
    }
}
