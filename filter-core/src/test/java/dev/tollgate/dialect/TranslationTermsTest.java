package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** What a provider or a model is like decides how it is asked, and the caller learns what was left out. */
class TranslationTermsTest {
    private final Dialects dialects = new Dialects(InstantSource.system());
    private final Dialect chat = dialects.byId("openai-chat");
    private final Dialect messages = dialects.byId("anthropic");

    private static WriteTerms terms(Quirks quirks) {
        return new WriteTerms(quirks, "any", 4096);
    }

    private ChatRequest fromChat(String body) {
        return chat.readRequest((ObjectNode) Json.read(body));
    }

    private ChatRequest fromMessages(String body) {
        return messages.readRequest((ObjectNode) Json.read(body));
    }

    @Test
    void aProvidersQuirksAreHonoured() {
        Quirks quirks =
                new Quirks(false, "max_tokens", Set.of("user", "reasoning_content"), Map.of(), List.of(), List.of());
        WriteTerms terms = terms(quirks);
        ObjectNode sent = chat.writeRequest(fromMessages("""
                        {"model": "m", "max_tokens": 9, "stream": true, "metadata": {"user_id": "ann"}, "messages": [
                          {"role": "user", "content": "hi"},
                          {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm", "signature": "s"},
                                                            {"type": "text", "text": "Ho"}]}]}
                        """), terms);
        assertThat(sent.path("max_tokens").intValue()).isEqualTo(9);
        assertThat(sent.has("max_completion_tokens")).isFalse();
        assertThat(sent.has("stream_options")).isFalse();
        assertThat(sent.has("user")).isFalse();
        assertThat(sent.toString()).doesNotContain("reasoning_content");
        assertThat(terms.dropped())
                .containsExactlyInAnyOrder("user", "messages[].content[].signature", "messages[].content[].thinking");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
                    enabled,  2000,  -,      low
                    enabled,  8000,  -,      medium
                    enabled,  30000, -,      high
                    adaptive, -,     -,      -
                    adaptive, -,     high,   -
                    adaptive, -,     low,    low
                    adaptive, -,     max,    high
                    disabled, -,     -,      -
                    -,        -,     medium, medium
                    """)
    void thinkingBecomesAnEffort(String type, Integer budget, String effort, String expected) {
        ObjectNode body = (ObjectNode) Json.read("{\"model\": \"gpt-5.1\", \"max_tokens\": 50000, \"messages\": []}");
        if (type != null) {
            body.putObject("thinking").put("type", type).put("budget_tokens", budget);
        }
        if (effort != null) {
            body.putObject("output_config").put("effort", effort);
        }
        ObjectNode sent = chat.writeRequest(messages.readRequest(body), terms(Quirks.NONE));
        assertThat(sent.path("reasoning_effort").asString(null)).isEqualTo(expected);
    }

    @Test
    void aModelThatNeverReasonsIsNotAskedHowMuch() {
        WriteTerms terms = terms(Quirks.NONE);
        ObjectNode sent = chat.writeRequest(fromMessages("""
                        {"model": "gpt-4o", "max_tokens": 9000, "messages": [],
                         "thinking": {"type": "enabled", "budget_tokens": 4000}}
                        """), terms);
        assertThat(sent.has("reasoning_effort")).isFalse();
        assertThat(terms.dropped()).containsExactly("reasoning_effort");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
                    claude-sonnet-4-5,              20000, low,    enabled,  2048, -
                    claude-opus-4-20250514,         20000, high,   enabled,  10000, -
                    claude-3-7-sonnet-20250219,     -,     medium, enabled,  8192, -
                    claude-3-5-haiku-20241022,      20000, high,   -,        -,    -
                    claude-sonnet-4-5,              1500,  low,    -,        -,    -
                    claude-opus-4-6,                20000, xhigh,  adaptive, -,    high
                    anthropic/claude-opus-4.7,      20000, xhigh,  adaptive, -,    xhigh
                    claude-sonnet-5,                20000, minimal, adaptive, -,   low
                    kimi-k2,                        20000, high,   enabled,  10000, -
                    """)
    void anEffortBecomesTheThinkingThatTheModelKnows(
            String model, Long limit, String effort, String type, Integer budget, String word) {
        ObjectNode body = (ObjectNode) Json.read("{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}");
        body.put("model", model).put("max_tokens", limit).put("reasoning_effort", effort);
        WriteTerms terms = terms(Quirks.NONE);
        ObjectNode sent = messages.writeRequest(chat.readRequest(body), terms);
        assertThat(sent.at("/thinking/type").asString(null)).isEqualTo(type);
        assertThat(sent.at("/thinking/budget_tokens").asInt(0)).isEqualTo(budget == null ? 0 : budget);
        assertThat(sent.at("/output_config/effort").asString(null)).isEqualTo(word);
        assertThat(sent.path("max_tokens").longValue())
                .isGreaterThan(sent.at("/thinking/budget_tokens").asLong(0));
        if (type == null) {
            assertThat(terms.dropped()).containsExactly("reasoning_effort");
        }
    }

    @Test
    void thinkingIsLeftOutWhereItsSignedThoughtsAreMissing() {
        WriteTerms terms = terms(Quirks.NONE);
        ObjectNode sent = messages.writeRequest(fromChat("""
                        {"model": "claude-sonnet-4-5", "reasoning_effort": "high", "messages": [
                          {"role": "user", "content": "hi"},
                          {"role": "assistant", "reasoning_content": "Hm", "tool_calls": [
                            {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
                          {"role": "tool", "tool_call_id": "1", "content": "ho"}]}
                        """), terms);
        assertThat(sent.has("thinking")).isFalse();
        assertThat(terms.dropped()).containsExactly("reasoning_effort", "messages[].reasoning_content");
    }

    @Test
    void aModelThatRefusesSamplingIsNotTold() {
        WriteTerms terms = terms(Quirks.NONE);
        ObjectNode sent = messages.writeRequest(fromChat("""
                        {"model": "claude-opus-4-7", "temperature": 0.3, "messages": [{"role": "user", "content": "hi"}]}
                        """), terms);
        assertThat(sent.has("temperature")).isFalse();
        assertThat(terms.dropped()).containsExactly("temperature");
    }

    @Test
    void aSchemaIsHeldToWhereTheProviderCan() {
        String request = "{\"model\": \"m\", \"max_tokens\": 9, \"messages\": [], \"output_config\": {\"format\": "
                + "{\"type\": \"json_schema\", \"schema\": {\"type\": \"object\", \"properties\": {\"a\": {}}%s}}}}";
        WriteTerms closed = terms(Quirks.NONE);
        ObjectNode sent = chat.writeRequest(
                fromMessages(request.formatted(", \"required\": [\"a\"], \"additionalProperties\": false")), closed);
        assertThat(sent.at("/response_format/json_schema/strict").asBoolean(false))
                .isTrue();
        assertThat(closed.dropped()).isEmpty();

        WriteTerms open = terms(Quirks.NONE);
        sent = chat.writeRequest(fromMessages(request.formatted("")), open);
        assertThat(sent.at("/response_format/json_schema").has("strict")).isFalse();
        assertThat(open.dropped()).containsExactly("response_format");
    }

    @Test
    void aChoiceOfAToolThatCouldNotBeCarriedIsNone() {
        WriteTerms terms = terms(Quirks.NONE);
        ObjectNode sent = chat.writeRequest(fromMessages("""
                        {"model": "m", "max_tokens": 9, "messages": [], "tool_choice": {"type": "tool", "name": "web_search"},
                         "tools": [{"name": "f", "input_schema": {"type": "object"}},
                                   {"type": "web_search_20250305", "name": "web_search"}]}
                        """), terms);
        assertThat(sent.has("tool_choice")).isFalse();
        assertThat(terms.dropped()).containsExactly("tools[].web_search_20250305", "tool_choice");
    }

    @Test
    void aSignedThoughtGoesBackToItsMakerOnly() {
        String body = """
                {"model": "m", "max_tokens": 9, "messages": [{"role": "assistant", "content": [
                  {"type": "thinking", "thinking": "Hm", "signature": "c2ln"},
                  {"type": "redacted_thinking", "data": "cmVk"}]}]}
                """;
        ObjectNode back = messages.writeRequest(fromMessages(body), terms(Quirks.NONE));
        assertThat(back.toString()).contains("c2ln", "cmVk");
        ObjectNode sent = chat.writeRequest(fromMessages(body), terms(Quirks.NONE));
        assertThat(sent.toString()).contains("Hm").doesNotContain("c2ln", "cmVk");
    }

    @Test
    void argumentsThatAreNoObjectAreKeptAsOne() {
        WriteTerms terms = terms(Quirks.NONE);
        ObjectNode sent = messages.writeRequest(fromChat("""
                        {"model": "m", "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [
                          {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{\\"a\\": "}}]}]}
                        """), terms);
        assertThat(sent.at("/messages/1/content/0/input/arguments").stringValue())
                .isEqualTo("{\"a\": ");
        assertThat(terms.dropped()).containsExactly("messages[].tool_calls[].function.arguments");
    }

    @Test
    void anIdIsTheSameInACallAndInItsResultAndInEveryTurn() {
        assertThat(ToolIds.within("short", 40)).isEqualTo("short");
        String longId = "toolu_" + "x".repeat(60);
        assertThat(ToolIds.within(longId, 40)).hasSize(40).isEqualTo(ToolIds.within(longId, 40));
        assertThat(ToolIds.within(longId + "y", 40)).isNotEqualTo(ToolIds.within(longId, 40));
        assertThat(ToolIds.wordsOnly("call_A-1")).isEqualTo("call_A-1");
        assertThat(ToolIds.wordsOnly("call.1")).matches("[A-Za-z0-9_-]+").isNotEqualTo(ToolIds.wordsOnly("call:1"));
    }
}
