package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.core.ObjectMappers;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** What OpenAI's Responses say that no other dialect does, and what callers of theirs rely on. */
class ResponsesTest {
    private final Dialects dialects = new Dialects(InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000)));
    private final Dialect responses = dialects.byId("openai-responses");

    private static WriteTerms terms() {
        return new WriteTerms(Quirks.NONE, "anthropic", 4096);
    }

    private ChatRequest request(String body) {
        return responses.readRequest((ObjectNode) Json.read(body));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"model": "m", "input": "hi", "previous_response_id": "resp_1"} | previous_response_id
                    {"model": "m", "input": "hi", "conversation": "conv_1"} | conversation
                    {"model": "m", "input": "hi", "background": true} | background
                    {"model": "m", "prompt": {"id": "p"}} | prompt
                    {"model": "m", "input": [{"type": "item_reference", "id": "msg_1"}]} | input[0]
                    {"model": "m", "input": [{"role": "user", "content": "x"}, {"id": "msg_1"}]} | input[1]
                    """)
    void whatOnlyItsMakerKeepsIsRefusedForOtherDialects(String body, String param) {
        ObjectNode given = (ObjectNode) Json.read(body);
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> responses.refuseUntranslatable(given));
        assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_BAD_REQUEST);
        assertThat(refusal.param()).contains(param);
        assertThat(refusal.message()).contains(param);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"model": "m"} | input
                    {"model": "m", "input": 7} | input
                    {"model": "m", "input": ["hi"]} | input[0]
                    {"model": "m", "input": [{"role": "judge", "content": "hi"}]} | input[0].role
                    {"model": "m", "input": [{"role": "user"}]} | input[0].content
                    {"model": "m", "input": [{"role": "user", "content": [{"text": "x"}]}]} | input[0].content[0].type
                    {"model": "m", "input": [{"type": "function_call", "name": "f"}]} | input[0].call_id
                    {"model": "m", "input": "x", "tools": [{"type": "function"}]} | tools[0].name
                    {"model": "m", "input": "x", "tool_choice": "maybe"} | tool_choice
                    {"model": "m", "input": "x", "temperature": "hot"} | temperature
                    """)
    void theFieldAtFaultIsNamed(String body, String param) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> request(body));
        assertThat(refusal.param()).contains(param);
    }

    @Test
    void whatSaysNothingElsewhereIsNotReported() {
        WriteTerms terms = terms();
        dialects.byId("anthropic").writeRequest(request("""
                                {"model": "claude-sonnet-4-5", "store": false, "truncation": "disabled", "text": {},
                                 "include": ["reasoning.encrypted_content"], "client_metadata": {"a": "b"},
                                 "input": [{"type": "message", "id": "msg_1", "role": "user", "content": "hi"}]}
                                """), terms);
        assertThat(terms.dropped()).isEmpty();
    }

    @Test
    void whatIsLostElsewhereIsReported() {
        WriteTerms terms = terms();
        dialects.byId("openai-chat").writeRequest(request("""
                                {"model": "m", "input": "hi", "store": true, "truncation": "auto", "max_tool_calls": 2,
                                 "tools": [{"type": "web_search"}]}
                                """), terms);
        assertThat(terms.dropped()).contains("store", "truncation", "max_tool_calls", "tools[].web_search");
    }

    private static final String TOOLS = """
            {"model": "m", "input": "hi", "stream": true, "tools": [
              {"type": "namespace", "name": "crm", "description": "Customers.", "tools": [
                {"type": "function", "name": "find", "parameters": {"type": "object", "properties": {}}}]},
              {"type": "custom", "name": "patch", "description": "Edits.",
               "format": {"type": "grammar", "syntax": "lark", "definition": "start: WORD"}}]}
            """;

    @ParameterizedTest
    @ValueSource(strings = {"openai-chat", "anthropic"})
    void toolsOfNamespacesAndForPlainTextAreFunctionsElsewhere(String target) {
        String sent = Json.text(dialects.byId(target).writeRequest(request(TOOLS), terms()));
        assertThat(sent).contains("crm__find", "Customers.", "\"patch\"", "start: WORD");
        ObjectNode own = responses.writeRequest(request(TOOLS), terms());
        assertThat(own.path("tools")).isEqualTo(Json.read(TOOLS).path("tools"));
    }

    @Test
    void whatSuchToolsAreCalledWithIsSaidInTheirOwnForm() throws BadAnswer {
        List<StreamEvent> events = List.of(
                new StreamEvent.Start("a", "m", 1L, null, Extras.NONE),
                new StreamEvent.ToolCallStart(0, 0, "c1", "crm__find"),
                new StreamEvent.ToolCallDelta(0, 0, "{\"who\":1}"),
                new StreamEvent.ToolCallStart(0, 1, "c2", "patch"),
                new StreamEvent.ToolCallDelta(0, 1, "{\"input\":\"a\\nb\"}"),
                new StreamEvent.Finish(0, new FinishReason(FinishReason.Kind.TOOL_CALLS, "", ""), Extras.NONE),
                new StreamEvent.Done());
        List<Frame> frames = Streams.write(responses.eventWriter(request(TOOLS), terms()), events);
        WellFormedResponse.check(frames);
        JsonNode output = Json.read(frames.get(frames.size() - 1).data()).at("/response/output");
        assertThat(output.at("/0/name").stringValue()).isEqualTo("find");
        assertThat(output.at("/0/namespace").stringValue()).isEqualTo("crm");
        assertThat(output.at("/1/type").stringValue()).isEqualTo("custom_tool_call");
        assertThat(output.at("/1/input").stringValue()).isEqualTo("a\nb");
    }

    @Test
    void anotherMakersProofsComeBackToItThroughTheCaller() throws BadAnswer {
        Opaque signature = new Opaque("anthropic", "response.content[].signature", StringNode.valueOf("sig"));
        Opaque thought = new Opaque("gemini", "vertex", "x", StringNode.valueOf("thought"));
        List<Frame> frames = Streams.write(
                responses.eventWriter(request("{\"model\":\"m\",\"input\":\"hi\"}"), terms()),
                List.of(
                        new StreamEvent.Start("a", "m", 1L, null, Extras.NONE),
                        new StreamEvent.ReasoningDelta(0, 0, "Hm."),
                        new StreamEvent.ReasoningProof(0, 0, signature),
                        new StreamEvent.PartEnd(0, 0),
                        new StreamEvent.ToolCallStart(0, 1, "c1", "f"),
                        new StreamEvent.ToolCallProof(0, 1, thought),
                        new StreamEvent.Finish(0, new FinishReason(FinishReason.Kind.TOOL_CALLS, "", ""), Extras.NONE),
                        new StreamEvent.Done()));
        WellFormedResponse.check(frames);
        ObjectNode next = (ObjectNode) Json.read("{\"model\":\"m\"}");
        next.set("input", Json.read(frames.get(frames.size() - 1).data()).at("/response/output"));
        List<Part> parts = responses.readRequest(next).messages().get(0).parts();
        assertThat(parts).hasSize(2);
        Part.Reasoning reasoning = (Part.Reasoning) parts.get(0);
        assertThat(reasoning.text()).isEqualTo("Hm.");
        assertThat(reasoning.proof().mayBeOf("anthropic", "anthropic")).isTrue();
        assertThat(reasoning.proof().value()).isEqualTo(signature.value());
        Part.ToolCall call = (Part.ToolCall) parts.get(1);
        assertThat(call.proof().mayBeOf("gemini", "vertex")).isTrue();
        assertThat(call.proof().value()).isEqualTo(thought.value());
    }

    @Test
    void theSdksAccumulatorMakesTheWholeResponseOfAStream() throws Exception {
        List<Frame> frames = Streams.write(
                responses.eventWriter(
                        request("{\"model\":\"m\",\"input\":\"hi\",\"instructions\":\"be kind\"}"), terms()),
                List.of(
                        new StreamEvent.Start("msg_1", "claude", 1L, null, Extras.NONE),
                        new StreamEvent.ReasoningDelta(0, 0, "Hm."),
                        new StreamEvent.TextDelta(0, 1, "Let me "),
                        new StreamEvent.TextDelta(0, 1, "see."),
                        new StreamEvent.ToolCallStart(0, 2, "c1", "look"),
                        new StreamEvent.ToolCallDelta(0, 2, "{\"at\":1}"),
                        new StreamEvent.UsageReport(new Usage(5, 2, 1, 0, 7, 3, 0, 0, Extras.NONE)),
                        new StreamEvent.Finish(0, new FinishReason(FinishReason.Kind.TOOL_CALLS, "", ""), Extras.NONE),
                        new StreamEvent.Done()));
        Response response = accumulated(frames).response().validate();
        assertThat(response.status()).contains(ResponseStatus.COMPLETED);
        List<ResponseOutputItem> output = response.output();
        assertThat(output.get(0).asReasoning().summary().get(0).text()).isEqualTo("Hm.");
        assertThat(output.get(1).asMessage().content().get(0).asOutputText().text())
                .isEqualTo("Let me see.");
        assertThat(output.get(2).asFunctionCall().arguments()).isEqualTo("{\"at\":1}");
        assertThat(response.usage().orElseThrow().inputTokens()).isEqualTo(8);
        assertThat(response.usage().orElseThrow().inputTokensDetails().cachedTokens())
                .isEqualTo(2);
        assertThat(response.usage().orElseThrow().outputTokensDetails().reasoningTokens())
                .isEqualTo(3);
    }

    private static ResponseAccumulator accumulated(List<Frame> frames) throws IOException {
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        for (Frame frame : frames) {
            accumulator.accumulate(ObjectMappers.jsonMapper()
                    .readValue(frame.data(), ResponseStreamEvent.class)
                    .validate());
        }
        return accumulator;
    }

    @ParameterizedTest
    @CsvSource({"LENGTH,max_output_tokens", "CONTENT_FILTER,content_filter", "REFUSAL,content_filter"})
    void anAnswerThatWasCutSaysWhy(FinishReason.Kind kind, String reason) throws BadAnswer {
        List<Frame> frames = Streams.write(
                responses.eventWriter(Streams.request(responses), terms()),
                List.of(
                        new StreamEvent.Start("a", "m", 1L, null, Extras.NONE),
                        new StreamEvent.TextDelta(0, 0, "So"),
                        new StreamEvent.Finish(0, new FinishReason(kind, "", ""), Extras.NONE),
                        new StreamEvent.Done()));
        Frame last = frames.get(frames.size() - 1);
        assertThat(last.event()).isEqualTo("response.incomplete");
        assertThat(Json.read(last.data())
                        .at("/response/incomplete_details/reason")
                        .stringValue())
                .isEqualTo(reason);
        assertThat(Json.read(last.data()).at("/response/output/0/status").stringValue())
                .isEqualTo("incomplete");
    }

    @Test
    void usageThatCameBeforeTheAnswerBeganIsToldAtItsEnd() throws BadAnswer {
        List<Frame> frames = Streams.write(
                responses.eventWriter(Streams.request(responses), terms()),
                List.of(
                        new StreamEvent.UsageReport(new Usage(5, 0, 0, 0, 7, 0, 0, 0, Extras.NONE)),
                        new StreamEvent.TextDelta(0, 0, "So"),
                        new StreamEvent.Finish(0, new FinishReason(FinishReason.Kind.STOP, "", ""), Extras.NONE),
                        new StreamEvent.Done()));
        JsonNode last = Json.read(frames.get(frames.size() - 1).data());
        assertThat(last.at("/response/usage/output_tokens").intValue()).isEqualTo(7);
    }

    @Test
    void aFailureGoesOnCountingAndIsNoSuccess() throws BadAnswer {
        Dialect.EventWriter writer = responses.eventWriter(Streams.request(responses), terms());
        List<Frame> frames = new ArrayList<>(writer.write(new StreamEvent.Start("a", "m", 1L, null, Extras.NONE)));
        frames.addAll(writer.write(new StreamEvent.TextDelta(0, 0, "So")));
        frames.addAll(writer.failure(new Refusal(ErrorCode.PROVIDER_OVERLOADED, "busy"), "c-1"));
        for (int i = 0; i < frames.size(); i++) {
            assertThat(Json.read(frames.get(i).data()).path("sequence_number").intValue())
                    .isEqualTo(i);
        }
        assertThat(frames).extracting(Frame::event).endsWith("error", "response.failed");
        JsonNode failed = Json.read(frames.get(frames.size() - 1).data()).path("response");
        assertThat(failed.path("id").stringValue()).isEqualTo("resp_a");
        assertThat(failed.at("/error/message").stringValue()).isEqualTo("busy");
        assertThat(writer.write(new StreamEvent.Done())).isEmpty();
    }

    @Test
    void whatComesOnlyWithTheEndIsRead() throws BadAnswer {
        List<StreamEvent> events = Streams.read(
                responses,
                List.of(
                        new Frame(null, "{\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"model\":\"m\"}}"),
                        new Frame(
                                null,
                                "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"type\":"
                                        + "\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"}}"),
                        new Frame(
                                null,
                                "{\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"model\":\"m\","
                                        + "\"status\":\"completed\",\"output\":[{\"type\":\"function_call\",\"call_id\":\"c\","
                                        + "\"name\":\"f\",\"arguments\":\"{}\"},{\"type\":\"message\",\"content\":"
                                        + "[{\"type\":\"output_text\",\"text\":\"Hi\"}]}]}}")));
        assertThat(events)
                .contains(
                        new StreamEvent.ToolCallStart(0, 0, "c", "f"),
                        new StreamEvent.ToolCallDelta(0, 0, "{}"),
                        new StreamEvent.TextDelta(0, 1, "Hi"),
                        new StreamEvent.Done());
        assertThat(Gist.of(events).finish()).isEqualTo(FinishReason.Kind.TOOL_CALLS);
    }
}
