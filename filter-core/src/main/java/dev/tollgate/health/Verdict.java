package dev.tollgate.health;

import java.time.Duration;
import java.util.Optional;

/**
 * What an attempt says about its target.
 *
 * @param retryAfter how long the provider asks to be let be, held between nothing and five minutes; empty where it says nothing
 */
public record Verdict(Kind kind, Optional<Duration> retryAfter) {

    /** A verdict whose provider does not ask to be let be. */
    public static Verdict of(Kind kind) {
        return new Verdict(kind, Optional.empty());
    }

    /** What became of an attempt. */
    public enum Kind {
        /** It answered, or refused the request for what it is: the target is well. */
        WELL,
        /** Name, TCP or TLS. */
        UNREACHABLE,
        /** The time to first byte, or between two pieces of the answer, has run out. */
        TIMEOUT,
        /** 5xx but 503 and 529. */
        SERVER_ERROR,
        /** 503 or 529. */
        OVERLOADED,
        /** An answer that is none. */
        BAD_ANSWER,
        /** A stream that broke. */
        INTERRUPTED,
        /** 429: the credential has had its share for now. */
        RATE_LIMITED,
        /** 402, or a 429 that no wait mends: the credential's account is spent. */
        SPENT,
        /** 401 or 403: the credential is not accepted. */
        UNAUTHORIZED,
        /** It says nothing about the target: its caller left, another was faster, or the gateway ended it. */
        NOTHING
    }
}
