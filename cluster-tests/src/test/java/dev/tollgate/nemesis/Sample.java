package dev.tollgate.nemesis;

/**
 * What became of a call, as its caller saw it. Times are of {@link System#nanoTime()}.
 *
 * @param code the gateway's error code; empty when there is none
 */
record Sample(long call, Subject subject, int node, long start, long end, Outcome outcome, int status, String code) {
    enum Outcome {
        ADMITTED,
        /** 429: the limit is reached. */
        REFUSED,
        /** 503: the limits cannot be asked. */
        UNAVAILABLE,
        /** Anything else, and no answer at all. */
        FAILED
    }
}
