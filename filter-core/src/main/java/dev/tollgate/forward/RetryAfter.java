package dev.tollgate.forward;

import dev.tollgate.Header;
import dev.tollgate.dialect.ProviderError;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** How long a provider asks to wait, from its headers, held between nothing and five minutes. */
final class RetryAfter {
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int LONGEST_NUMBER = 18;

    private RetryAfter() {}

    /** Reads {@code retry-after-ms}, or else {@code retry-after} as seconds or as a date (RFC 9110 §10.2.3). */
    static Optional<Duration> read(List<Header> headers, Instant now) {
        Optional<Duration> millis =
                ProviderHeaders.find(headers, "retry-after-ms").flatMap(value -> number(value, 1));
        return millis.isPresent()
                ? millis
                : ProviderHeaders.find(headers, "retry-after")
                        .flatMap(value -> number(value, 1_000).or(() -> date(value, now)));
    }

    /** The wait that a provider's error asks for in its body. */
    static Optional<Duration> of(ProviderError error) {
        return Optional.ofNullable(error.retryAfter()).map(wait -> clamp(wait.toMillis()));
    }

    private static Optional<Duration> number(String value, long millisEach) {
        String text = value.strip();
        if (text.length() > LONGEST_NUMBER || !text.matches("-?[0-9]+(\\.[0-9]*)?")) {
            return Optional.empty();
        }
        return Optional.of(clamp((long) Math.ceil(Math.min(Double.parseDouble(text) * millisEach, 1e15))));
    }

    private static Optional<Duration> date(String value, Instant now) {
        try {
            Instant then = ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(clamp(Duration.between(now, then).toMillis()));
        } catch (DateTimeException | ArithmeticException unreadable) {
            return Optional.empty();
        }
    }

    private static Duration clamp(long millis) {
        return Duration.ofMillis(Math.max(0, Math.min(millis, LONGEST.toMillis())));
    }
}
