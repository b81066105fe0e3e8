package dev.tollgate.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Dialects;
import dev.tollgate.json.Json;
import dev.tollgate.route.Candidate;
import dev.tollgate.testing.Recordings;
import dev.tollgate.testing.SettingsOf;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Costs of real recorded answers: beside what they say themselves, and beside figures worked out by hand. */
class RecordedCostTest {
    private static final InstantSource NOW = InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z"));

    private final PriceTable prices =
            new PriceTable(SettingsOf.settings(Map.of(), List.of(), List.of()), ListPrices.shipped(), NOW);

    @Test
    void whatOpenRouterSaysACallHasCostIsWhatItCosts() {
        reported("openrouter", "openrouter/chat.completions", "cost", new BigDecimal("1e9"));
    }

    @Test
    void whatXaiSaysACallHasCostIsWhatItCosts() {
        reported("xai", "xai/chat.completions", "cost_in_usd_ticks", new BigDecimal("0.1"));
    }

    private void reported(String family, String api, String member, BigDecimal unit) {
        int seen = 0;
        for (Recordings.Recording recording : Recordings.of(api)) {
            JsonNode body =
                    recording.streamed() || recording.status() != 200 ? Json.read("{}") : Json.read(recording.answer());
            JsonNode said = body.path("usage").path(member);
            if (said.isNumber()) {
                seen++;
                long nano = new BigDecimal(said.asString())
                        .multiply(unit)
                        .setScale(0, RoundingMode.HALF_UP)
                        .longValueExact();
                assertThat(prices.cost(
                                target(family, "m"), facts("openai-chat", body).usage()))
                        .as(recording.name())
                        .hasValue(nano);
            }
        }
        assertThat(seen).as("answers of " + api + " that say their cost").isPositive();
    }

    @Test
    void everyServiceTierThatAnswersNameIsOneThatWeKnow() {
        for (String api : List.of("openai/chat.completions", "groq/chat.completions", "openai/responses")) {
            for (Recordings.Recording recording : Recordings.of(api)) {
                JsonNode body = recording.streamed() || recording.status() != 200
                        ? Json.read("{}")
                        : Json.read(recording.answer());
                if (body.path("service_tier").isString() && body.has("usage")) {
                    String dialect = api.endsWith("responses") ? "openai-responses" : "openai-chat";
                    String said = body.path("service_tier").asString();
                    assertThat(facts(dialect, body).serviceTier())
                            .as(recording.name())
                            .isEqualTo(said.isEmpty() ? null : said);
                }
            }
        }
    }

    @Test
    void anthropicsTierStandsInItsUsage() {
        JsonNode body = Json.read("""
                {"type": "message", "role": "assistant", "id": "m", "model": "claude-opus-5-5", "stop_reason": "end_turn",
                 "content": [{"type": "text", "text": "Hi"}],
                 "usage": {"input_tokens": 100, "cache_read_input_tokens": 1000, "output_tokens": 10,
                   "service_tier": "standard", "speed": "fast"}}
                """);
        AnswerFacts facts = facts("anthropic", body);

        assertThat(facts.serviceTier()).isEqualTo("fast");
        assertThat(prices.cost(target("anthropic", "claude-opus-5-5"), facts.usage(), facts.serviceTier()))
                .hasValue(100 * 8_000 + 1_000 * 400 + 10 * 40_000);
    }

    private static AnswerFacts facts(String dialect, JsonNode body) {
        Dialect read = new Dialects(NOW).byId(dialect);
        try {
            return read.facts(body);
        } catch (dev.tollgate.dialect.BadAnswer e) {
            throw new AssertionError(e);
        }
    }

    private static Candidate target(String family, String model) {
        return new Candidate(SettingsOf.provider(family, family), model);
    }
}
