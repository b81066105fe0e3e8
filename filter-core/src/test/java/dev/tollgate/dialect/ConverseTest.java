package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.ErrorCode;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.FinishReason.Kind;
import dev.tollgate.chat.Opaque;
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
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Bedrock's Converse between the other dialects, case by case. */
class ConverseTest {
    private static final String CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

    private final Dialects dialects = new Dialects(InstantSource.fixed(Instant.EPOCH));
    private final Dialect bedrock = dialects.byId("bedrock");
    private final Dialect anthropic = dialects.byId("anthropic");
    private final Dialect chat = dialects.byId("openai-chat");
    private final WriteTerms terms = new WriteTerms(Quirks.NONE, "bedrock", 4096);

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.read(text);
    }

    private ObjectNode told(Dialect callers, String model, String request) {
        ChatRequest read = callers.readRequest(json(request));
        // Read again, since whole numbers are of different types in trees that were written and read.
        return json(Json.text(bedrock.writeRequest(read.to(model, false, true), terms)));
    }

    private ObjectNode toldByChat(String model, String members) {
        return told(
                chat,
                model,
                "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]" + members + "}");
    }

    @Test
    void aConversationWithToolsIsPutIntoTurnsOfBlocks() {
        ObjectNode written = told(chat, CLAUDE, """
                {"model": "m", "max_tokens": 100, "temperature": 1.5, "stop": ["END", " "], "seed": 3,
                 "messages": [
                  {"role": "system", "content": "Be brief."},
                  {"role": "user", "content": [
                    {"type": "text", "text": "Weather?"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]},
                  {"role": "assistant", "content": null, "tool_calls": [
                    {"id": "call:1/a", "type": "function", "function": {"name": "weather", "arguments": "{\\"city\\": \\"Rome\\"}"}}]},
                  {"role": "tool", "tool_call_id": "call:1/a", "content": "sunny"},
                  {"role": "user", "content": "And?"}],
                 "tools": [{"type": "function", "function": {"name": "weather", "description": "w", "strict": true,
                   "parameters": {"type": "object", "properties": {}}}}],
                 "tool_choice": "required"}
                """);
        String id = written.at("/messages/1/content/0/toolUse/toolUseId").stringValue();
        assertThat(id).matches("[a-zA-Z0-9_-]{1,64}");
        assertThat(written).isEqualTo(json("""
                {"system": [{"text": "Be brief."}],
                 "messages": [
                  {"role": "user", "content": [{"text": "Weather?"}, {"image": {"source": {"bytes": "AAAA"}, "format": "png"}}]},
                  {"role": "assistant", "content": [{"toolUse": {"toolUseId": "ID", "name": "weather", "input": {"city": "Rome"}}}]},
                  {"role": "user", "content": [
                    {"toolResult": {"toolUseId": "ID", "content": [{"text": "sunny"}]}}, {"text": "And?"}]}],
                 "toolConfig": {
                  "tools": [{"toolSpec": {"name": "weather", "description": "w",
                    "inputSchema": {"json": {"type": "object", "properties": {}}}, "strict": true}}],
                  "toolChoice": {"any": {}}},
                 "inferenceConfig": {"maxTokens": 100, "temperature": 1, "stopSequences": ["END"]}}
                """.replace("ID", id)));
        assertThat(terms.dropped()).containsExactlyInAnyOrder("temperature", "stop", "seed");
    }

    @Test
    void cacheHintsBecomeCachePointsAndBack() {
        ObjectNode written = told(anthropic, CLAUDE, """
                {"model": "m", "max_tokens": 9,
                 "system": [{"type": "text", "text": "s", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
                 "tools": [{"name": "t", "input_schema": {"type": "object"}, "cache_control": {"type": "ephemeral"}}],
                 "messages": [{"role": "user", "content": [
                   {"type": "text", "text": "u", "cache_control": {"type": "ephemeral", "ttl": "5m"}}]}]}
                """);
        assertThat(written.path("system")).isEqualTo(Json.read("""
                [{"text": "s"}, {"cachePoint": {"type": "default", "ttl": "1h"}}]"""));
        assertThat(written.at("/toolConfig/tools/1")).isEqualTo(Json.read("{\"cachePoint\": {\"type\": \"default\"}}"));
        assertThat(written.at("/messages/0/content/1"))
                .isEqualTo(Json.read("{\"cachePoint\": {\"type\": \"default\"}}"));
        assertThat(terms.dropped()).isEmpty();

        ObjectNode back = anthropic.writeRequest(bedrock.readRequest(written).to("m", false, true), terms);
        assertThat(back.at("/system/0/cache_control/ttl").stringValue()).isEqualTo("1h");
        assertThat(back.at("/tools/0/cache_control/type").stringValue()).isEqualTo("ephemeral");
        assertThat(back.at("/messages/0/content/0/cache_control/type").stringValue())
                .isEqualTo("ephemeral");
    }

    @Test
    void modelsThatCacheNoPromptsAreGivenNoHints() {
        told(anthropic, "meta.llama3-70b-instruct-v1:0", """
                {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": [
                   {"type": "text", "text": "u", "cache_control": {"type": "ephemeral"}}]}]}
                """);
        assertThat(terms.dropped()).containsExactly("messages[].content[].cache_control");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            us.anthropic.claude-sonnet-4-5-20250929-v1:0 | {"thinking": {"type": "enabled", "budget_tokens": 16384}} | ``
            anthropic.claude-opus-4-6-v1 | {"thinking": {"type": "adaptive"}, "output_config": {"effort": "high"}} | ``
            us.amazon.nova-2-lite-v1:0 | {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "high"}} | ``
            openai.gpt-oss-120b-1:0 | {"reasoning_effort": "high"} | ``
            meta.llama3-70b-instruct-v1:0 | null | reasoning_effort
            """)
    void eachModelIsAskedToThinkInItsOwnWords(String model, String fields, String dropped) {
        ObjectNode written = toldByChat(model, ", \"reasoning_effort\": \"high\"");
        JsonNode expected = Json.read(fields);
        JsonNode actual = written.path("additionalModelRequestFields");
        assertThat(actual.isMissingNode() ? Json.read("null") : actual).isEqualTo(expected);
        assertThat(String.join(",", terms.dropped())).isEqualTo(dropped);
    }

    @Test
    void whatCallersSayInAModelsOwnWordsIsUnderstoodByOthers() {
        ChatRequest request = bedrock.readRequest(json("""
                {"messages": [{"role": "user", "content": [{"text": "hi"}]}],
                 "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 4000}, "top_k": 5,
                   "anthropic_beta": ["x"]},
                 "requestMetadata": {"team": "search"}, "serviceTier": {"type": "flex"}}
                """));
        WriteTerms told = new WriteTerms(Quirks.NONE, "anthropic", 4096);
        ObjectNode written = anthropic.writeRequest(request.to("claude-sonnet-4-5", false, true), told);
        assertThat(written.at("/thinking/budget_tokens").intValue()).isEqualTo(4000);
        assertThat(told.dropped()).contains("additionalModelRequestFields.anthropic_beta");
        assertThat(told.dropped())
                .doesNotContain("additionalModelRequestFields.thinking.type", "additionalModelRequestFields.top_k");
        assertThat(request.hints().metadata()).isEqualTo(Json.read("{\"team\": \"search\"}"));
        assertThat(request.hints().serviceTier()).isEqualTo("flex");
    }

    @Test
    void anAnswerIsHeldToASchemaWhereTheModelCanBe() {
        String format = """
                , "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}""";
        ObjectNode written = toldByChat(CLAUDE, format);
        assertThat(written.at("/outputConfig/textFormat/structure/jsonSchema/schema")
                        .stringValue())
                .isEqualTo("{\"type\":\"object\"}");
        assertThat(terms.dropped()).isEmpty();
        assertThat(toldByChat("us.amazon.nova-pro-v1:0", format).has("outputConfig"))
                .isFalse();
        assertThat(terms.dropped()).containsExactly("response_format");
        assertThat(bedrock.readRequest(written).output()).isNotNull();
    }

    @Test
    void documentsHaveNamesThatDifferAndAreNotAlone() {
        ObjectNode written = told(chat, CLAUDE, """
                {"model": "m", "messages": [{"role": "user", "content": [
                  {"type": "file", "file": {"filename": "q1_report.v2.pdf", "file_data": "data:application/pdf;base64,AAAA"}},
                  {"type": "file", "file": {"filename": "q1_report.v2.pdf", "file_data": "data:application/pdf;base64,BBBB"}},
                  {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
                  {"type": "image_url", "image_url": {"url": "s3://bucket/a.png"}}]}]}
                """);
        JsonNode content = written.at("/messages/0/content");
        assertThat(content.at("/0/document/name").stringValue()).isEqualTo("q1-report-v2");
        assertThat(content.at("/1/document/name").stringValue()).isEqualTo("q1-report-v2 (2)");
        assertThat(content.at("/2/image/source/s3Location/uri").stringValue()).isEqualTo("s3://bucket/a.png");
        assertThat(content.at("/3/text").stringValue()).isEqualTo(".");
        assertThat(terms.dropped()).containsExactly("messages[].content[].image");
    }

    @Test
    void toolsThatWereCalledAreNamedWhereNoneIsOffered() {
        ObjectNode written = told(chat, CLAUDE, """
                {"model": "m", "messages": [
                  {"role": "user", "content": "hi"},
                  {"role": "assistant", "tool_calls": [
                    {"id": "a", "type": "function", "function": {"name": "t", "arguments": "{}"}}]},
                  {"role": "tool", "tool_call_id": "a", "content": "r"}]}
                """);
        assertThat(written.at("/toolConfig/tools/0/toolSpec/name").stringValue())
                .isEqualTo("t");
    }

    @Test
    void thatNoToolMayBeCalledIsSaidByOfferingNone() {
        String tools = """
                , "tools": [{"type": "function", "function": {"name": "t"}}], "tool_choice": "none\"""";
        assertThat(toldByChat(CLAUDE, tools).has("toolConfig")).isFalse();
        assertThat(terms.dropped()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            end_turn,                      STOP,           stop,           end_turn
            tool_use,                      TOOL_CALLS,     tool_calls,     tool_use
            max_tokens,                    LENGTH,         length,         max_tokens
            stop_sequence,                 STOP_SEQUENCE,  stop,           stop_sequence
            guardrail_intervened,          CONTENT_FILTER, content_filter, refusal
            content_filtered,              CONTENT_FILTER, content_filter, refusal
            model_context_window_exceeded, CONTEXT_WINDOW, length,         model_context_window_exceeded
            malformed_tool_use,            OTHER,          malformed_tool_use, malformed_tool_use
            """)
    void everyStopReasonHasItsWordElsewhere(String word, Kind kind, String chatWord, String anthropicWord)
            throws BadAnswer {
        JsonNode answer = json("""
                {"output": {"message": {"role": "assistant", "content": [{"text": "hi"}]}}, "stopReason": "%s",
                 "usage": {"inputTokens": 1, "outputTokens": 2, "totalTokens": 3}, "metrics": {"latencyMs": 5}}
                """.formatted(word));
        ChatResponse response = bedrock.readResponse(answer);
        assertThat(response.choices().get(0).finish().kind()).isEqualTo(kind);
        assertThat(chat.writeResponse(response, terms)
                        .at("/choices/0/finish_reason")
                        .stringValue())
                .isEqualTo(chatWord);
        assertThat(anthropic.writeResponse(response, terms).path("stop_reason").stringValue())
                .isEqualTo(anthropicWord);
        assertThat(terms.dropped()).isEmpty();
        assertThat(Sameness.differences(bedrock.writeResponse(response, terms), answer))
                .isEmpty();
    }

    @Test
    void usageKeepsItsClasses() throws BadAnswer {
        ChatResponse response = bedrock.readResponse(json("""
                {"output": {"message": {"role": "assistant", "content": []}}, "stopReason": "end_turn",
                 "usage": {"inputTokens": 10, "outputTokens": 20, "totalTokens": 137, "cacheReadInputTokens": 7,
                   "cacheWriteInputTokens": 100, "cacheReadInputTokenCount": 7, "cacheWriteInputTokenCount": 100,
                   "cacheDetails": [{"ttl": "1h", "inputTokens": 60}, {"ttl": "5m", "inputTokens": 40}],
                   "serverToolUsage": {}}}
                """));
        Usage usage = response.usage();
        assertThat(usage).isNotNull();
        assertThat(List.of(usage.uncachedInput(), usage.cacheRead(), usage.cacheWrite5m(), usage.cacheWrite1h()))
                .containsExactly(10L, 7L, 40L, 60L);
        assertThat(usage.total()).isEqualTo(137);
        ObjectNode written = anthropic.writeResponse(response, terms);
        assertThat(written.at("/usage/cache_creation/ephemeral_1h_input_tokens").intValue())
                .isEqualTo(60);
        assertThat(terms.dropped()).isEmpty();
    }

    @Test
    void aSignatureComesBackToItsMakerThroughACallerOfAnotherDialectAndToNobodyElse() throws BadAnswer {
        ChatResponse response = bedrock.readResponse(json("""
                {"output": {"message": {"role": "assistant", "content": [
                   {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "c2ln"}}},
                   {"reasoningContent": {"redactedContent": "cmVk"}},
                   {"text": "hi"}]}}, "stopReason": "end_turn", "usage": {}}
                """));
        ChatResponse.Choice choice = response.choices().get(0);
        Part.Reasoning shown = (Part.Reasoning) choice.parts().get(0);
        Part.Reasoning hidden = (Part.Reasoning) choice.parts().get(1);
        assertThat(shown.proof()).isNotNull();
        assertThat(hidden.proof()).isNotNull();
        ObjectNode turn = json("{\"role\": \"assistant\", \"content\": []}");
        for (Opaque proof : new Opaque[] {shown.proof(), hidden.proof()}) {
            turn.withArray("/content")
                    .addObject()
                    .putObject("reasoningContent")
                    .putObject("reasoningText")
                    .put("text", "hm")
                    .put("signature", Seal.close(proof, "bedrock"));
        }
        ObjectNode asked = json("{\"messages\": []}");
        asked.withArray("/messages").add(turn);
        ChatRequest request = bedrock.readRequest(asked);

        JsonNode back = bedrock.writeRequest(request, terms).at("/messages/0/content");
        assertThat(back.at("/0/reasoningContent/reasoningText/signature").stringValue())
                .isEqualTo("c2ln");
        assertThat(back.at("/1/reasoningContent/redactedContent").stringValue()).isEqualTo("cmVk");
        WriteTerms elsewhere = new WriteTerms(Quirks.NONE, "another", 4096);
        JsonNode others = bedrock.writeRequest(request, elsewhere).at("/messages/0/content");
        assertThat(others).isEmpty();
        assertThat(elsewhere.dropped()).isNotEmpty();
    }

    private static Frame frame(String event, String data) {
        return new Frame(event, data);
    }

    private static List<Frame> stream() {
        return List.of(
                frame("messageStart", "{\"role\":\"assistant\",\"p\":\"ab\"}"),
                frame(
                        "contentBlockDelta",
                        "{\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"text\":\"hm\"}}}"),
                frame(
                        "contentBlockDelta",
                        "{\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"signature\":\"c2ln\"}}}"),
                frame("contentBlockStop", "{\"contentBlockIndex\":0}"),
                frame("contentBlockDelta", "{\"contentBlockIndex\":1,\"delta\":{\"text\":\"Let me see\"}}"),
                frame(
                        "contentBlockDelta",
                        "{\"contentBlockIndex\":1,\"delta\":{\"citation\":{\"title\":\"doc\",\"sourceContent\":[{\"text\":\"q\"}]}}}"),
                frame("contentBlockStop", "{\"contentBlockIndex\":1}"),
                frame(
                        "contentBlockStart",
                        "{\"contentBlockIndex\":2,\"start\":{\"toolUse\":{\"toolUseId\":\"t1\",\"name\":\"w\"}}}"),
                frame(
                        "contentBlockDelta",
                        "{\"contentBlockIndex\":2,\"delta\":{\"toolUse\":{\"input\":\"{\\\"a\\\":\"}}}"),
                frame("contentBlockDelta", "{\"contentBlockIndex\":2,\"delta\":{\"toolUse\":{\"input\":\"1}\"}}}"),
                frame("contentBlockStop", "{\"contentBlockIndex\":2}"),
                frame("messageStop", "{\"stopReason\":\"tool_use\"}"),
                frame(
                        "metadata",
                        "{\"metrics\":{\"latencyMs\":0},\"usage\":{\"inputTokens\":1,\"outputTokens\":2,\"totalTokens\":3}}"));
    }

    @Test
    void aStreamComesOutAsItWentIn() throws BadAnswer {
        List<StreamEvent> events = Streams.read(bedrock, stream());
        List<Frame> frames = Streams.write(bedrock.eventWriter(Streams.request(bedrock), terms), events);
        Streams.assertWellFormed(bedrock, frames);
        assertThat(frames).hasSameSizeAs(stream());
        for (int i = 0; i < frames.size(); i++) {
            assertThat(frames.get(i).event()).isEqualTo(stream().get(i).event());
            ObjectNode expected = json(stream().get(i).data());
            expected.remove("p");
            assertThat(Sameness.differences(Json.read(frames.get(i).data()), expected))
                    .isEmpty();
        }
        assertThat(terms.dropped()).isEmpty();
    }

    @Test
    void aStreamIsWholeWithItsStopReason() {
        StreamObserver observer = bedrock.observer();
        List<Frame> frames = stream();
        frames.subList(0, frames.size() - 2).forEach(observer::see);
        assertThat(observer.complete()).isFalse();
        assertThat(observer.see(frames.get(frames.size() - 2))).isEqualTo(StreamObserver.Sight.CONTENT);
        assertThat(observer.complete()).isTrue();
        assertThat(observer.see(frames.get(frames.size() - 1))).isEqualTo(StreamObserver.Sight.END);
        assertThat(observer.facts().usage()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            throttlingException,         PROVIDER_RATE_LIMITED,       429
            serviceUnavailableException, PROVIDER_OVERLOADED,         503
            validationException,         PROVIDER_REJECTED,           400
            modelStreamErrorException,   PROVIDER_STREAM_INTERRUPTED, 502
            internalServerException,     PROVIDER_STREAM_INTERRUPTED, 502
            """)
    void anExceptionInAStreamIsTheProvidersFailure(String type, ErrorCode code, int status) throws BadAnswer {
        Frame frame = frame("exception:" + type, "{\"message\": \"no\"}");
        assertThat(bedrock.observer().see(frame)).isEqualTo(StreamObserver.Sight.ERROR);
        StreamEvent event = bedrock.eventReader().read(frame).get(0);
        Refusal refusal = Answers.refusal((StreamEvent.Failed) event);
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.message()).contains("no");
        Frame told = bedrock.errorFrames(refusal, "c").get(0);
        assertThat(told.event()).startsWith("exception:").endsWith("Exception");
        assertThat(told.data()).doesNotContain("stopReason");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            CALLER_INVALID_KEY,       UnrecognizedClientException, 403
            CALLER_BAD_REQUEST,       ValidationException,         400
            CALLER_MODEL_UNKNOWN,     ResourceNotFoundException,   404
            POLICY_MODEL_NOT_ALLOWED, AccessDeniedException,       403
            POLICY_RATE_LIMITED,      ThrottlingException,         429
            PROVIDER_OVERLOADED,      ServiceUnavailableException, 503
            PROVIDER_TIMEOUT,         ModelTimeoutException,       504
            GATEWAY_INTERNAL,         InternalServerException,     500
            """)
    void anErrorHasItsTypeInAHeader(ErrorCode code, String type, int status) {
        Refusal refusal = new Refusal(code, "what happened");
        assertThat(bedrock.errorHeaders(refusal, "c-1")).contains(new Header("x-amzn-errortype", type));
        assertThat(bedrock.errorStatus(refusal)).isEqualTo(status);
        assertThat(Json.read(bedrock.errorBody(refusal, "c-1")))
                .isEqualTo(Json.read("{\"message\": \"what happened\"}"));
    }

    @Test
    void anErrorBodyIsHandedOnAndItsOlderTypeRead() {
        JsonNode body = Json.read("{\"message\": \"no\", \"__type\": \"com.amazon#ThrottlingException\"}");
        assertThat(bedrock.isErrorBody(body)).isTrue();
        assertThat(bedrock.readError(429, body, ""))
                .isEqualTo(new ProviderError(429, "ThrottlingException", null, null, "no"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"messages\": [1]}",
                "{\"messages\": [{\"role\": \"tool\", \"content\": []}]}",
                "{\"messages\": [{\"role\": \"user\"}]}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"text\"}]}",
                "{\"messages\": [{\"role\": \"user\", \"content\": [{\"text\": 1}]}]}",
                "{\"messages\": [], \"toolConfig\": {\"tools\": [{\"toolSpec\": {\"name\": \"t\"}}]}}"
            })
    void aMalformedRequestIsRefusedByItsField(String request) {
        assertThatThrownBy(() -> bedrock.readRequest(json(request)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.param()).isPresent());
    }

    @Test
    void whatAGuardrailIsToSeeIsTextToOthers() {
        ObjectNode request = json("""
                {"messages": [{"role": "user", "content": [
                  {"guardContent": {"text": {"text": "hello", "qualifiers": ["query"]}}},
                  {"toolResult": {"toolUseId": "a", "content": [{"json": {"n": 1.0}}], "status": "success"}}]}]}
                """);
        ChatRequest read = bedrock.readRequest(request.deepCopy());
        assertThat(bedrock.writeRequest(read, terms)).isEqualTo(request);
        assertThat(terms.dropped()).isEmpty();
        ObjectNode written = chat.writeRequest(read.to("gpt-5", false, true), terms);
        assertThat(written.toString()).contains("hello", "{\\\"n\\\":1.0}");
        assertThat(terms.dropped()).anyMatch(path -> path.endsWith("guardContent"));
    }
}
