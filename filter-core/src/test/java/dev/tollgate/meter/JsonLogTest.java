package dev.tollgate.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.json.Json;
import dev.tollgate.testing.Records;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class JsonLogTest {

    @Test
    void aLineHoldsWhatTheRecordHolds() {
        assertThat(Json.read(JsonLog.line(Records.answered()))).isEqualTo(Json.read("""
                                {"time":"2026-11-24T10:00:00Z","id":"call_1","dialect":"openai-chat",
                                 "endpoint":"/v1/chat/completions","key":"search-ci","team":"search","model":"smart",
                                 "configured":"smart","stream":true,"status":200,"target":"claude/claude-sonnet-4-5",
                                 "attempts":[{"target":"openai/gpt-5.1","status":503,"error":"provider_overloaded","ms":40.000},
                                             {"target":"claude/claude-sonnet-4-5","status":200,"ms":460.000}],
                                 "first_byte_ms":501.000,"total_ms":2000.000,"upstream_ms":500.000,"finish":"end_turn",
                                 "dropped":["logprobs"],
                                 "tokens":{"input":100,"cache_read":20,"cache_write_5m":30,"cache_write_1h":0,
                                           "output":50,"reasoning":10},
                                 "estimated":false,"cost_nano_usd":1234000}
                                """));
    }

    @Test
    void whatIsNotKnownIsLeftOut() {
        JsonNode line = Json.read(JsonLog.line(Records.refused()));

        assertThat(line.propertyNames())
                .doesNotContain("key", "model", "configured", "target", "tokens", "cost_nano_usd", "finish", "dropped");
        assertThat(line.get("error").stringValue()).isEqualTo("caller_no_key");
    }

    @Test
    void textFromCallersStaysOnTheLineAndIsCut() {
        String line =
                JsonLog.line(Records.answered("evil\r\n\u001b[31m\u202e\u2028{\"x\":1}" + "y".repeat(10_000), "*"));

        assertThat(line)
                .doesNotContain("\r", "\n", "\u001b", "\u202e", "\u2028")
                .hasSizeLessThan(1_500);
        assertThat(Json.read(line).get("model").stringValue())
                .startsWith("evil???")
                .endsWith("…");
    }
}
