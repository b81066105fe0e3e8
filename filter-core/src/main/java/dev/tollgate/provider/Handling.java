package dev.tollgate.provider;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a provider is reached, and when it is let be.
 *
 * @param pool the credentials to take turns with; empty where there is one
 * @param transport how connections to it are made
 * @param onAbort what becomes of an answer whose caller has left
 * @param circuit when it is let be for a while
 * @param healthCheck how it is asked whether it is well; empty for not at all
 */
public record Handling(
        List<NamedCredential> pool,
        Transport transport,
        OnAbort onAbort,
        Circuit circuit,
        Optional<HealthCheck> healthCheck) {
    public static final Handling DEFAULT =
            new Handling(List.of(), Transport.DEFAULT, OnAbort.CANCEL, Circuit.DEFAULT, Optional.empty());

    public Handling {
        pool = List.copyOf(pool);
    }

    /**
     * How connections are made.
     *
     * @param maxConnections the most at a time to one address; over HTTP/2 the most calls at a time
     * @param maxPending the most calls that wait for one of them
     * @param http2 whether HTTP/2 is spoken, else HTTP/1.1
     * @param proxy the forward proxy, as {@code http://host:port}, or null for none
     * @param ca PEM certificates of authorities that are trusted besides the JVM's own, or null
     * @param clientCertificate the certificate chain that is shown, in PEM, or null
     * @param clientKey its private key, in PEM (PKCS #8), or null
     */
    public record Transport(
            int maxConnections,
            int maxPending,
            boolean http2,
            @Nullable URI proxy,
            @Nullable Path ca,
            @Nullable Path clientCertificate,
            @Nullable Path clientKey) {
        /** Enough for thousands of slow streams. */
        public static final Transport DEFAULT = new Transport(4_000, 8_000, false, null, null, null, null);
    }

    /** What becomes of an answer whose caller has left. */
    public enum OnAbort {
        /** It is cancelled at once. */
        CANCEL,
        /** It is read on for a while, so that its provider's own word on what it cost is heard. */
        DRAIN
    }

    /**
     * When a target is let be for a while.
     *
     * @param on whether it ever is
     * @param failures how many calls at least are looked at; as many failures in a row let it be at once
     * @param failurePercent of the last calls, from which on it is let be
     * @param slow the time to first token from which on a call is slow; zero for never
     * @param slowPercent of the last calls, from which on it is let be
     * @param open how long it is let be the first time; longer each time it fails again, up to ten times that
     * @param slowStart how long it takes afterwards to get its full share again; zero for at once
     */
    public record Circuit(
            boolean on,
            int failures,
            int failurePercent,
            Duration slow,
            int slowPercent,
            Duration open,
            Duration slowStart) {
        public static final Circuit DEFAULT =
                new Circuit(true, 5, 50, Duration.ZERO, 80, Duration.ofSeconds(30), Duration.ofSeconds(10));
    }

    /**
     * How a provider is asked whether it is well.
     *
     * @param path below its base URL, asked with GET; any answer below 500 but 401 and 403 is well
     */
    public record HealthCheck(String path, Duration every, Duration within) {}
}
