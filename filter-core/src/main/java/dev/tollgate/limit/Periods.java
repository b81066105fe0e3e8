package dev.tollgate.limit;

import dev.tollgate.config.Settings.Span;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** Lengths of time in words. */
final class Periods {
    private static final Map<Duration, String> NAMES = Map.of(
            Duration.ofSeconds(1), "second",
            Duration.ofMinutes(1), "minute",
            Duration.ofHours(1), "hour",
            Duration.ofDays(1), "day");

    private Periods() {}

    /** What follows "per": {@code minute}, {@code 90 seconds}. */
    static String name(Duration period) {
        String name = NAMES.get(period);
        if (name != null) {
            return name;
        }
        return period.toMillis() % 1000 == 0 ? period.toSeconds() + " seconds" : period.toMillis() + " milliseconds";
    }

    /** What follows "per": {@code minute}, {@code month}. */
    static String name(Span span) {
        return span instanceof Span.Even even
                ? name(even.period())
                : ((Span.Calendar) span).unit().name().toLowerCase(Locale.ROOT);
    }

    /** A wait rounded up to what clients can wait, so that no fraction is missing at its end. */
    static Duration wholeMillis(long nanos) {
        return Duration.ofMillis(up(nanos, 1_000_000));
    }

    /** What follows "in", rounded up: {@code 350 ms}, {@code 12 s}, {@code 3 min}, {@code 5 h}. */
    static String length(Duration wait) {
        long millis = wait.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        long seconds = up(millis, 1_000);
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? up(seconds, 60) + " min" : up(seconds, 3600) + " h";
    }

    private static long up(long value, long unit) {
        return value / unit + (value % unit == 0 ? 0 : 1);
    }
}
