package dev.tollgate.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.stream.Framings;
import dev.tollgate.testing.Targets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** What makers want back goes through callers of another dialect to them, and to nobody else. */
class SealedTest {
    private static final Opaque SIGNATURE = new Opaque("gemini", "at", StringNode.valueOf("Z2VtaW5p"));
    private static final Opaque ENCRYPTED =
            new Opaque("openai-responses", "at", Json.read("{\"id\":\"rs_1\",\"encrypted_content\":\"gAAA\"}"));

    private static final Quirks CLAUDES =
            new Quirks(true, "max_tokens", Set.of(), Map.of(), List.of(), List.of(), "anthropic", false);

    private final Dialects dialects = new Dialects(InstantSource.system());

    private static WriteTerms terms(String family) {
        return new WriteTerms(Quirks.NONE, family, 4096);
    }

    private static ChatResponse answer(Part... parts) {
        FinishReason finish = new FinishReason(FinishReason.Kind.TOOL_CALLS, "x", "");
        Choice choice = new Choice(0, List.of(parts), finish, List.of(), Extras.NONE);
        return new ChatResponse("id", "m", null, List.of(choice), Usage.NONE, Extras.NONE);
    }

    private static Part.ToolCall call(String id, Opaque proof) {
        return new Part.ToolCall(id, "f", "{}", proof, null, Extras.NONE);
    }

    /** What the caller sends in the next turn: the answer it got, as it got it. */
    private List<Part> givenBack(String callers, ObjectNode answer) {
        String message = callers.equals("anthropic")
                ? "{\"role\":\"assistant\",\"content\":" + answer.path("content") + "}"
                : answer.at("/choices/0/message").toString();
        return read(callers, message);
    }

    private List<Part> read(String callers, String message) {
        String body = "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},"
                + message + "]}";
        ChatRequest request = dialects.byId(callers).readRequest((ObjectNode) Json.read(body));
        return request.messages().get(1).parts();
    }

    private static Opaque proofOf(Part part) {
        Opaque proof = part instanceof Part.ToolCall call ? call.proof() : ((Part.Reasoning) part).proof();
        assertThat(proof).as("proof of %s", part).isNotNull();
        return proof;
    }

    private static void assertSame(Opaque actual, Opaque expected, String family) {
        assertThat(actual.dialect()).isEqualTo(expected.dialect());
        assertThat(actual.value()).isEqualTo(expected.value());
        assertThat(actual.family()).isEqualTo(family);
        assertThat(actual.mayBeOf(expected.dialect(), family)).isTrue();
        assertThat(actual.mayBeOf(expected.dialect(), "another")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai-chat"})
    void proofsComeBackFromWholeAnswersWithWhatTheyBelongTo(String callers) {
        WriteTerms terms = terms("google");
        ChatResponse response = answer(
                new Part.Reasoning("Hm", SIGNATURE, Extras.NONE),
                new Part.Reasoning("", ENCRYPTED, Extras.NONE),
                call("call.1", SIGNATURE),
                call("call2", null));

        ObjectNode written = dialects.byId(callers).writeResponse(response, terms);
        List<Part> back = givenBack(callers, written);

        assertThat(terms.dropped()).isEmpty();
        assertThat(back).hasSize(4);
        assertThat(((Part.Reasoning) back.get(0)).text()).isEqualTo("Hm");
        assertSame(proofOf(back.get(0)), SIGNATURE, "google");
        assertThat(((Part.Reasoning) back.get(1)).text()).isEmpty();
        assertSame(proofOf(back.get(1)), ENCRYPTED, "google");
        assertSame(proofOf(back.get(2)), SIGNATURE, "google");
        assertThat(((Part.ToolCall) back.get(3)).proof()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai-chat"})
    void proofsComeBackFromStreamsWhereverTheyStandInThem(String callers) throws BadAnswer {
        for (boolean early : List.of(true, false)) {
            WriteTerms terms = terms("google");
            Dialect dialect = dialects.byId(callers);
            List<Frame> frames = Streams.write(dialect.eventWriter(Streams.request(dialect), terms), events(early));
            Streams.assertWellFormed(dialect, frames);
            List<Part> back = read(callers, Assembled.message(callers, frames));

            assertThat(terms.dropped()).isEmpty();
            Part.Reasoning thought = (Part.Reasoning) back.stream()
                    .filter(part -> part instanceof Part.Reasoning)
                    .findFirst()
                    .orElseThrow();
            assertThat(thought.text()).isEqualTo("Hm, so");
            assertSame(proofOf(thought), ENCRYPTED, "google");
            List<Part> calls =
                    back.stream().filter(part -> part instanceof Part.ToolCall).toList();
            assertThat(calls).hasSize(2);
            assertSame(proofOf(calls.get(0)), SIGNATURE, "google");
            assertThat(((Part.ToolCall) calls.get(1)).proof()).isNull();
        }
    }

    private static List<StreamEvent> events(boolean proofFirst) {
        StreamEvent proof = new StreamEvent.ToolCallProof(0, 1, SIGNATURE);
        Stream<StreamEvent> call = Stream.of(
                new StreamEvent.ToolCallStart(0, 1, "c1", "f"), new StreamEvent.ToolCallDelta(0, 1, "{\"a\":1}"));
        return Stream.of(
                        Stream.<StreamEvent>of(
                                new StreamEvent.Start("id", "m", 1L, null, Extras.NONE),
                                new StreamEvent.ReasoningDelta(0, 0, "Hm, "),
                                new StreamEvent.ReasoningDelta(0, 0, "so"),
                                new StreamEvent.ReasoningProof(0, 0, ENCRYPTED),
                                new StreamEvent.PartEnd(0, 0)),
                        proofFirst ? Stream.concat(Stream.of(proof), call) : Stream.concat(call, Stream.of(proof)),
                        Stream.<StreamEvent>of(
                                new StreamEvent.PartEnd(0, 1),
                                new StreamEvent.ToolCallStart(0, 2, "c2", "f"),
                                new StreamEvent.PartEnd(0, 2),
                                new StreamEvent.Finish(
                                        0, new FinishReason(FinishReason.Kind.TOOL_CALLS, "x", ""), Extras.NONE),
                                new StreamEvent.Done()))
                .flatMap(each -> each)
                .toList();
    }

    @Test
    void aClaudeSignatureIsGoodWhereverClaudeIsServed() {
        String thought =
                "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\""
                        + Seal.close(
                                new Opaque("bedrock", "", StringNode.valueOf("c2ln")),
                                Makers.of("bedrock", "bedrock", CLAUDES))
                        + "\"},{\"type\":\"text\",\"text\":\"Ho\"}]}";
        ChatRequest request = dialects.byId("anthropic").readRequest((ObjectNode)
                Json.read("{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},"
                        + thought + "]}"));
        Opaque proof = proofOf(request.messages().get(1).parts().get(0));

        for (String family : List.of("anthropic", "vertex", "bedrock")) {
            assertThat(terms(Makers.of("anthropic", family, CLAUDES)).givesBack(proof, "anthropic"))
                    .as(family)
                    .isTrue();
        }
        WriteTerms others = terms(Makers.of("anthropic", "anthropic-compatible", Quirks.NONE));
        assertThat(others.givesBack(proof, "anthropic")).isFalse();
        assertThat(others.dropped()).containsExactly("messages[].content[].signature");
    }

    @Test
    void aSealedClaudeSignatureGoesBackFromAnOpenAiCallerWhichMayThenThinkAmongTools() {
        Opaque signed = new Opaque("anthropic", "", StringNode.valueOf("c2ln"));
        ObjectNode written = dialects.byId("openai-chat")
                .writeResponse(
                        answer(new Part.Reasoning("Hm", signed, Extras.NONE), call("c1", null)), terms("anthropic"));
        String body = "{\"model\":\"claude-sonnet-4-5\",\"reasoning_effort\":\"high\",\"messages\":["
                + "{\"role\":\"user\",\"content\":\"hi\"}," + written.at("/choices/0/message")
                + ",{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"ok\"}]}";
        ChatRequest request = dialects.byId("openai-chat").readRequest((ObjectNode) Json.read(body));

        WriteTerms terms = terms("anthropic");
        ObjectNode sent = dialects.byId("anthropic").writeRequest(request, terms);
        assertThat(sent.at("/messages/1/content/0").toString())
                .isEqualTo("{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\"c2ln\"}");
        assertThat(sent.at("/thinking/type").asString("")).isEqualTo("enabled");
        assertThat(terms.dropped()).isEmpty();

        WriteTerms strangers = terms("anthropic-compatible");
        ObjectNode kept = dialects.byId("anthropic").writeRequest(request, strangers);
        assertThat(kept.toString()).doesNotContain("c2ln");
    }

    @Test
    void whatOthersThoughtDoesNotReachAnthropicByPassThrough() {
        String seal = Seal.close(SIGNATURE, "google");
        String user = "{\"role\":\"user\",\"content\": \"hi\"}";
        String text = "{\"type\":\"text\",\"text\":\"ho\"}";
        String own = "{\"type\":\"thinking\",\"thinking\":\"a\",\"signature\":\"c2ln\"}";
        String sealed = "{\"type\":\"thinking\",\"thinking\":\"b\",\"signature\":\"" + seal + "\"}";
        String empty = "{\"type\":\"thinking\",\"thinking\":\"c\",\"signature\" : \"\"}";
        String redacted = "{\"type\":\"redacted_thinking\",\"data\":\"" + seal + "~c1\"}";
        String spoken = "{\"role\":\"assistant\",\"content\":[%s]}";
        String body = "{\"model\":\"claude\", \"max_tokens\":9,\"messages\":[%s],  \"stop_sequences\":[ ]}";

        for (List<String> blocks :
                List.of(List.of(own, sealed, text), List.of(own, empty, text), List.of(own, redacted, text))) {
            Translation passed = passed(body.formatted(user + "," + spoken.formatted(String.join(",", blocks))));
            assertThat(new String(passed.requestBody(), UTF_8))
                    .isEqualTo(body.formatted(
                            "{\"role\":\"user\",\"content\":\"hi\"}," + spoken.formatted(own + "," + text)));
            assertThat(passed.dropped()).containsExactly("messages[].content[].thinking");
        }
        JsonNode alone = Json.read(
                passed(body.formatted(user + "," + spoken.formatted(sealed))).requestBody());
        assertThat(alone.path("messages").size()).isEqualTo(1);
    }

    @Test
    void aConversationOfAnthropicsOwnPassesByteForByte() {
        String body =
                "{\"model\":\"claude\", \"messages\":[ {\"role\":\"assistant\", \"content\":[{\"type\":\"thinking\","
                        + "\"thinking\":\"\",\"signature\":\"c2ln\"},{\"type\":\"text\",\"text\":\"\\\"signature\\\":\\\"\\\" \\u00e4\"}]}]}";
        Translation passed = passed(body);

        assertThat(new String(passed.requestBody(), UTF_8)).isEqualTo(body);
        assertThat(passed.dropped()).isEmpty();
    }

    @Test
    void sealsDoNotReachAnOpenAiProviderByPassThrough() {
        String seal = Seal.close(SIGNATURE, "google");
        String raw =
                "{\"role\":\"assistant\",\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"theirs\"}]}";
        String message = "{\"role\":\"assistant\",\"reasoning_content\":\"Hm\"%s,\"tool_calls\":[{\"id\":\"c1\"%s}]}";
        String body = "{\"model\":\"claude\", \"messages\":[" + raw + ",%s], \"seed\":1}";
        String details = ",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"signature\":\"" + seal + "\"}]";
        String extra = ",\"extra_content\":{\"google\":{\"thought_signature\":\"" + seal + "\"}}";

        Translation passed = passed("openai-chat", body.formatted(message.formatted(details, extra)));

        assertThat(new String(passed.requestBody(), UTF_8)).isEqualTo(body.formatted(message.formatted("", "")));
        assertThat(passed.dropped()).containsExactly("messages[].reasoning_details");
    }

    private Translation passed(String body) {
        return passed("anthropic", body);
    }

    private Translation passed(String dialect, String body) {
        return Translations.of(
                new Passage(
                        dialects.byId(dialect),
                        dialects.byId(dialect),
                        Way.chat(dialect, "/v1/messages"),
                        Targets.of("any", dialect, "claude", Quirks.NONE),
                        4096,
                        false,
                        Framings.SSE,
                        "call",
                        List.of()),
                JsonDocument.parse(body.getBytes(UTF_8)));
    }

    @Test
    void aDamagedSealIsNobodys() {
        String seal = Seal.close(SIGNATURE, "google");
        String damaged = seal.substring(0, seal.length() - 5) + "!!!!!";
        Part thought = read(
                        "anthropic",
                        "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\""
                                + damaged + "\"}]}")
                .get(0);
        assertThat(((Part.Reasoning) thought).text()).isEqualTo("Hm");
        assertThat(((Part.Reasoning) thought).proof()).isNull();
    }
}
