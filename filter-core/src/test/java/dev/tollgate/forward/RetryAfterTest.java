package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Header;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retry-after|7|7000",
                "Retry-After| 7 |7000",
                "retry-after|0|0",
                "retry-after|1.5|1500",
                "retry-after|-5|0",
                "retry-after|1000000000|300000",
                "retry-after|Tue, 24 Nov 2026 12:00:09 GMT|9000",
                "retry-after|Tue, 24 Nov 2026 11:00:00 GMT|0",
                "retry-after|Wed, 24 Nov 2027 11:00:00 GMT|300000",
                "retry-after-ms|250|250",
                "retry-after-ms|0.2|1",
                "retry-after-ms|999999999999|300000"
            })
    void waitsAreReadAndHeldWithinReason(String name, String value, long millis) {
        assertThat(RetryAfter.read(List.of(new Header(name, value)), NOW)).contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "soon", "1e3", "NaN", "7s", "99999999999999999999", "Tue, 99 Nov 2026 12:00:09 GMT", "--1"})
    void nonsenseIsNoWait(String value) {
        assertThat(RetryAfter.read(List.of(new Header("retry-after", value)), NOW))
                .isEmpty();
    }

    @Test
    void millisecondsAreMoreExactThanSeconds() {
        List<Header> both = List.of(new Header("retry-after", "2"), new Header("retry-after-ms", "1200"));
        assertThat(RetryAfter.read(both, NOW)).contains(Duration.ofMillis(1200));
    }

    @Test
    void noHeaderIsNoWait() {
        assertThat(RetryAfter.read(List.of(), NOW)).isEmpty();
    }
}
