package dev.tollgate.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Header;
import dev.tollgate.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SpentLimitsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T23:49:18Z");

    private static OptionalLong nanos(String... namesAndValues) {
        List<Header> headers = new ArrayList<>(List.of(new Header("content-type", "application/json")));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(new Header(namesAndValues[i], namesAndValues[i + 1]));
        }
        return SpentLimits.nanos(headers, NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "6m0s, 300000", // held within five minutes
        "1m30s, 90000",
        "1h, 300000",
        "1s, 1000",
        "6.56s, 6560",
        "2500ms, 2500",
        "1m2.5s, 62500",
        "120ms, 0", // usual where what is used grows back all the time
        "12ms, 0",
        "0, 0",
        "0s, 0",
        "60, 60000",
        "1.5, 1500",
        "2026-01-02T23:49:28Z, 10000",
        "2026-01-02T23:49:08Z, 0",
        "+1000000000-12-31T23:59:59Z, 300000",
        "1767397768, 10000",
        "1767397768000, 10000",
        "999999999999999, 300000",
        "soon, 0",
        "'', 0",
        "-5s, 0",
        "1e9, 0",
        "99999999999999999999s, 0"
    })
    void aResetIsReadInEveryFormThereIs(String reset, long millis) {
        assertThat(nanos("x-ratelimit-remaining-requests", "0", "X-RateLimit-Reset-Requests", reset))
                .hasValue(Duration.ofMillis(millis).toNanos());
    }

    @Test
    void eachProvidersNamesAreKnown() {
        OptionalLong twenty = OptionalLong.of(Duration.ofSeconds(20).toNanos());
        assertThat(nanos("x-ratelimit-remaining-tokens", "0", "x-ratelimit-reset-tokens", "20s"))
                .isEqualTo(twenty);
        assertThat(nanos("x-ratelimit-remaining", "0", "x-ratelimit-reset", "1767397778000"))
                .isEqualTo(twenty);
        for (String unit : List.of("requests", "tokens", "input-tokens", "output-tokens")) {
            assertThat(nanos(
                            "Anthropic-RateLimit-" + unit + "-Remaining",
                            "0",
                            "anthropic-ratelimit-" + unit + "-reset",
                            "2026-01-02T23:49:38Z"))
                    .isEqualTo(twenty);
        }
    }

    @Test
    void theLimitThatIsUsedUpForLongestCounts() {
        assertThat(nanos(
                        "x-ratelimit-remaining-requests", "0",
                        "x-ratelimit-remaining-tokens", "0",
                        "x-ratelimit-reset-requests", "2s",
                        "x-ratelimit-reset-tokens", "9s"))
                .hasValue(Duration.ofSeconds(9).toNanos());
    }

    @Test
    void whatIsLeftIsTold() {
        assertThat(nanos("x-ratelimit-remaining-requests", "2999", "x-ratelimit-reset-requests", "20s"))
                .hasValue(0);
        assertThat(nanos("x-ratelimit-remaining-requests", "0")).hasValue(0);
    }

    @Test
    void whatDoesNotMatterSaysNothing() {
        assertThat(nanos()).isEmpty();
        assertThat(nanos("x-ratelimit-remaining-tokens", "-1", "x-ratelimit-reset-tokens", "60"))
                .isEmpty();
        assertThat(nanos("x-ratelimit-remaining-input-images", "0", "x-ratelimit-reset-input-images", "60"))
                .isEmpty();
        assertThat(nanos(
                        "anthropic-ratelimit-",
                        "0",
                        "anthropic-ratelimit-remaining",
                        "0",
                        "x-ratelimit-remaining-",
                        "0"))
                .isEmpty();
    }

    /** No provider was asked beyond its limits in what was recorded, but for one. */
    @Test
    void realAnswersAreUnderstood() throws IOException {
        Path folder = Path.of(System.getProperty("tollgate.recorded", "../../shared/recorded"));
        Assumptions.assumeTrue(Files.isDirectory(folder), "no recordings");
        int said = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".json")).toList()) {
                JsonNode response = Json.read(Files.readAllBytes(file)).path("response");
                List<Header> headers = new ArrayList<>();
                response.path("headers")
                        .properties()
                        .forEach(each -> headers.add(
                                new Header(each.getKey(), each.getValue().asString(""))));
                OptionalLong spent = SpentLimits.nanos(headers, NOW);
                if (response.path("status").asInt(0) == 200) {
                    assertThat(spent.orElse(0)).as(file.toString()).isZero();
                }
                said += spent.isPresent() ? 1 : 0;
            }
        }
        assertThat(said).isGreaterThan(30);
    }
}
