package dev.tollgate.receive;

import java.time.Duration;

/**
 * How patiently an edge reads a request body. A body may take {@code patience} plus the time that {@code bytesPerSecond}
 * allows for what has come, and no gap in it may be longer than {@code gap}.
 *
 * @param patience the time every body has
 * @param bytesPerSecond the slowest average rate after that
 * @param gap the longest silence; shorter than the containers' own idle timeouts (20 s and 30 s), so that the caller reads
 *     an answer rather than a closed connection
 * @param discardBytes the most to read and throw away of a body that is not wanted
 * @param discardTime the longest time to do so
 */
public record BodyTerms(Duration patience, long bytesPerSecond, Duration gap, long discardBytes, Duration discardTime) {

    public static final BodyTerms DEFAULT =
            new BodyTerms(Duration.ofSeconds(30), 1024, Duration.ofSeconds(15), 64L << 20, Duration.ofSeconds(30));
}
