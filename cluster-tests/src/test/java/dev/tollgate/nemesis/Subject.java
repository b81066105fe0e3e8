package dev.tollgate.nemesis;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/**
 * A caller, whose key has one limit of its own.
 *
 * @param capacity how much it may use: calls, tokens, calls at a time or nano-USD
 * @param period after which a used bucket is full again; zero for what does not come back in the time of a test
 */
record Subject(String name, Kind kind, long capacity, Duration period) {
    /** What is limited. */
    enum Kind {
        /** So many calls, and no more. */
        COUNT,
        /** Calls that come back evenly. */
        RATE,
        /** A bucket far larger than what is asked of it. */
        HOT,
        TOKENS,
        SLOTS,
        SPEND
    }

    private static final int KEY_LENGTH = 40;

    String key() {
        return "tg-" + name + "-" + "0".repeat(KEY_LENGTH - name.length());
    }

    String sha256() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key().getBytes(StandardCharsets.US_ASCII));
            return String.format("%064x", new BigInteger(1, digest));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    String limit() {
        return switch (kind) {
            case COUNT -> "requests: " + capacity + (Features.WINDOWS ? "/month" : "/day");
            case RATE, HOT -> "requests: " + capacity + "/min";
            case TOKENS -> "tokens: " + capacity + "/month";
            case SLOTS -> "concurrent: " + capacity;
            case SPEND -> "spend: " + Money.usd(capacity) + " USD/month";
        };
    }

    double perSecond() {
        return period.isZero() ? 0 : capacity / (period.toMillis() / 1000.0);
    }
}
