package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.Citation;
import dev.tollgate.chat.FinishReason.Kind;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Cohere's chat between the other dialects, case by case. */
class CohereChatTest {
    private final Dialects dialects = new Dialects(InstantSource.fixed(Instant.EPOCH));
    private final Dialect cohere = dialects.byId("cohere");
    private final Dialect chat = dialects.byId("openai-chat");
    private final WriteTerms terms = new WriteTerms(Quirks.NONE, "cohere", 4096);

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.read(text);
    }

    private ObjectNode told(String model, String request) {
        ChatRequest read = chat.readRequest(json(request));
        return json(Json.text(cohere.writeRequest(read.to(model, false, true), terms)));
    }

    @Test
    void aConversationWithToolsIsToldInCoheresWords() {
        ObjectNode written = told("command-a-03-2025", """
                {"model": "m", "max_tokens": 100, "top_p": 1, "frequency_penalty": -1, "seed": 3, "user": "u",
                 "stop": ["a", "b"], "parallel_tool_calls": false,
                 "messages": [
                  {"role": "developer", "content": "Be brief."},
                  {"role": "user", "content": [{"type": "text", "text": "Weather?"},
                    {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]},
                  {"role": "assistant", "content": null, "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "w", "arguments": "{\\"a\\":1}"}}]},
                  {"role": "tool", "tool_call_id": "c1", "content": "sunny"}],
                 "tools": [{"type": "function", "function": {"name": "w", "strict": true, "parameters": {"type": "object"}}}],
                 "tool_choice": {"type": "function", "function": {"name": "w"}}}
                """);
        assertThat(written).isEqualTo(json("""
                {"model": "command-a-03-2025",
                 "messages": [
                  {"role": "system", "content": "Be brief."},
                  {"role": "user", "content": [{"type": "text", "text": "Weather?"},
                    {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]},
                  {"role": "assistant", "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "w", "arguments": "{\\"a\\":1}"}}]},
                  {"role": "tool", "tool_call_id": "c1", "content": "sunny"}],
                 "tools": [{"type": "function", "function": {"name": "w", "parameters": {"type": "object"}}}],
                 "strict_tools": true, "tool_choice": "REQUIRED",
                 "max_tokens": 100, "p": 0.99, "frequency_penalty": 0, "seed": 3, "stop_sequences": ["a", "b"]}
                """));
        assertThat(terms.dropped()).containsExactlyInAnyOrder("parallel_tool_calls", "frequency_penalty", "user");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            command-a-reasoning-08-2025 | {"type": "enabled", "token_budget": 16384} | ``
            command-a-03-2025           | null                                       | reasoning_effort
            """)
    void modelsThatThinkAreAskedTo(String model, String thinking, String dropped) {
        ObjectNode written = told(model, """
                {"model": "m", "reasoning_effort": "high", "messages": [{"role": "user", "content": "hi"}]}""");
        assertThat(written.path("thinking").toString())
                .isEqualTo(thinking.equals("null") ? "" : Json.read(thinking).toString());
        assertThat(String.join(",", terms.dropped())).isEqualTo(dropped);
    }

    private static ObjectNode answer(String finish) {
        return json("""
                {"id": "a1", "message": {"role": "assistant",
                  "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "😀 Ruby is nice"}],
                  "citations": [{"start": 2, "end": 6, "text": "Ruby", "content_index": 1, "type": "TEXT_CONTENT",
                    "sources": [{"type": "tool", "id": "t:0",
                      "tool_output": {"title": "Facts", "url": "https://example.org", "text": "Ruby!"}}]}]},
                 "finish_reason": "%s",
                 "usage": {"billed_units": {"input_tokens": 5, "output_tokens": 6},
                   "tokens": {"input_tokens": 100.0, "output_tokens": 20}, "cached_tokens": 64}}
                """.formatted(finish));
    }

    @Test
    void anAnswerKeepsItsThoughtsCitationsAndUsage() throws BadAnswer {
        ChatResponse response = cohere.readResponse(answer("COMPLETE"));
        List<Part> parts = response.choices().get(0).parts();
        assertThat(parts.get(0))
                .isInstanceOfSatisfying(
                        Part.Reasoning.class, each -> assertThat(each.text()).isEqualTo("hm"));
        Part.Text text = (Part.Text) parts.get(1);
        Citation citation = text.citations().get(0);
        assertThat(text.text()
                        .substring(citation.start().intValue(), citation.end().intValue()))
                .isEqualTo("Ruby");
        assertThat(citation.url()).isEqualTo("https://example.org");
        assertThat(citation.title()).isEqualTo("Facts");
        assertThat(citation.quoted()).isEqualTo("Ruby!");
        Usage usage = response.usage();
        assertThat(usage).isNotNull();
        assertThat(List.of(usage.uncachedInput(), usage.cacheRead(), usage.output()))
                .containsExactly(36L, 64L, 20L);
        JsonNode written = Json.read(Json.write(cohere.writeResponse(response, terms)));
        ObjectNode expected = answer("COMPLETE");
        expected.withObject("/usage/tokens").put("input_tokens", 100);
        assertThat(written).isEqualTo(Json.read(Json.write(expected)));
        assertThat(terms.dropped()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            COMPLETE,      STOP,          stop
            STOP_SEQUENCE, STOP_SEQUENCE, stop
            MAX_TOKENS,    LENGTH,        length
            TOOL_CALL,     TOOL_CALLS,    tool_calls
            """)
    void everyFinishReasonHasItsWordElsewhere(String word, Kind kind, String chatWord) throws BadAnswer {
        ChatResponse response = cohere.readResponse(answer(word));
        assertThat(response.choices().get(0).finish().kind()).isEqualTo(kind);
        assertThat(chat.writeResponse(response, terms)
                        .at("/choices/0/finish_reason")
                        .stringValue())
                .isEqualTo(chatWord);
    }

    @Test
    void aFailureIsNoAnswer() throws BadAnswer {
        assertThatThrownBy(() -> cohere.readResponse(answer("ERROR"))).isInstanceOf(BadAnswer.class);
        Frame frame = new Frame(
                "message-end",
                "{\"type\":\"message-end\",\"delta\":{\"error\":\"broke\",\"finish_reason\":\"ERROR\"}}");
        assertThat(cohere.eventReader().read(frame)).containsExactly(new StreamEvent.Failed("ERROR", null, "broke"));
        assertThat(cohere.observer().see(frame)).isEqualTo(StreamObserver.Sight.ERROR);
        Refusal refusal = new Refusal(ErrorCode.PROVIDER_TIMEOUT, "too late");
        assertThat(cohere.observer().see(cohere.errorFrames(refusal, "c").get(0)))
                .isEqualTo(StreamObserver.Sight.ERROR);
    }

    private static Frame frame(String data) {
        return new Frame(Json.read(data).path("type").stringValue(), data);
    }

    private static List<Frame> stream() {
        return List.of(
                frame(
                        "{\"id\":\"a1\",\"type\":\"message-start\",\"delta\":{\"message\":{\"role\":\"assistant\",\"content\":[],\"tool_plan\":\"\",\"tool_calls\":[],\"citations\":[]}}}"),
                frame(
                        "{\"type\":\"content-start\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"type\":\"text\",\"text\":\"\"}}}}"),
                frame(
                        "{\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"text\":\"Ruby\"}}}}"),
                frame(
                        "{\"type\":\"citation-start\",\"index\":0,\"delta\":{\"message\":{\"citations\":{\"start\":0,\"end\":4,\"text\":\"Ruby\",\"sources\":[],\"type\":\"TEXT_CONTENT\"}}}}"),
                frame("{\"type\":\"citation-end\",\"index\":0}"),
                frame("{\"type\":\"content-end\",\"index\":0}"),
                frame(
                        "{\"type\":\"tool-call-start\",\"index\":0,\"delta\":{\"message\":{\"tool_calls\":{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"w\",\"arguments\":\"\"}}}}}"),
                frame(
                        "{\"type\":\"tool-call-delta\",\"index\":0,\"delta\":{\"message\":{\"tool_calls\":{\"function\":{\"arguments\":\"{}\"}}}}}"),
                frame("{\"type\":\"tool-call-end\",\"index\":0}"),
                frame(
                        "{\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"TOOL_CALL\",\"usage\":{\"tokens\":{\"input_tokens\":3,\"output_tokens\":4},\"cached_tokens\":0}}}"),
                new Frame(null, "[DONE]"));
    }

    @Test
    void aStreamComesOutAsItWentIn() throws BadAnswer {
        List<Frame> frames =
                Streams.write(cohere.eventWriter(Streams.request(cohere), terms), Streams.read(cohere, stream()));
        Streams.assertWellFormed(cohere, frames);
        assertThat(frames).isEqualTo(stream());
        assertThat(terms.dropped()).isEmpty();
    }

    @Test
    void aPlanIsAThoughtAndComesBackAsAPlan() throws BadAnswer {
        String message =
                "{\"role\": \"assistant\", \"tool_plan\": \"I will\", \"tool_calls\": [{\"id\": \"c\", \"type\": \"function\", \"function\": {\"name\": \"w\", \"arguments\": \"{}\"}}]}";
        ChatResponse response = cohere.readResponse(
                json("{\"id\": \"a\", \"finish_reason\": \"TOOL_CALL\", \"message\": " + message + "}"));
        assertThat(response.choices().get(0).parts().get(0)).isInstanceOf(Part.Reasoning.class);
        assertThat(cohere.writeResponse(response, terms).path("message")).isEqualTo(json(message));
        StreamEvent event = cohere.eventReader()
                .read(frame("{\"type\":\"tool-plan-delta\",\"delta\":{\"message\":{\"tool_plan\":\"I \"}}}"))
                .get(0);
        assertThat(event).isEqualTo(new StreamEvent.ReasoningDelta(0, 0, "I "));
    }

    @Test
    void documentsOfToolsAreTextToOthersAndComeBackAsDocuments() {
        ObjectNode request = json("""
                {"model": "m", "documents": [{"id": "d"}], "messages": [
                  {"role": "user", "content": "hi"},
                  {"role": "tool", "tool_call_id": "c", "content": [
                    {"type": "document", "document": {"data": {"title": "Facts"}, "id": "d1"}}]}]}
                """);
        ChatRequest read = cohere.readRequest(request.deepCopy());
        assertThat(Sameness.differences(cohere.writeRequest(read, terms), request))
                .isEmpty();
        assertThat(terms.dropped()).isEmpty();
        assertThat(chat.writeRequest(read, terms).toString()).contains("{\\\"title\\\":\\\"Facts\\\"}");
        assertThat(terms.dropped()).contains("documents");
    }

    @Test
    void errorsAreReadAndWrittenAsCoheresSdkDoes() {
        JsonNode body =
                Json.read("{\"id\": \"x\", \"message\": \"too many tokens\", \"error_type\": \"TOO_MANY_TOKENS\"}");
        assertThat(cohere.readError(400, body, ""))
                .isEqualTo(new ProviderError(400, "TOO_MANY_TOKENS", null, null, "too many tokens"));
        assertThat(cohere.isErrorBody(body)).isTrue();
        Refusal refusal = new Refusal(ErrorCode.CALLER_BAD_REQUEST, "no").at("messages");
        assertThat(Json.read(cohere.errorBody(refusal, "c-1")))
                .isEqualTo(Json.read("{\"id\": \"c-1\", \"message\": \"messages: no\"}"));
    }
}
