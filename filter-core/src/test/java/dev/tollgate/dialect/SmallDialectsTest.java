package dev.tollgate.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import dev.tollgate.testing.Recordings;
import dev.tollgate.testing.Recordings.Recording;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The dialects that lack words for much of what others say: legacy completions, and Ollama's own chat. */
class SmallDialectsTest {
    static final Set<String> IDS = Set.of("openai-completions", "ollama");

    private final Dialects dialects = new Dialects(InstantSource.system());
    private final Dialect completions = dialects.byId("openai-completions");
    private final Dialect ollama = dialects.byId("ollama");
    private final Dialect chat = dialects.byId("openai-chat");

    private static WriteTerms terms() {
        return new WriteTerms(Quirks.NONE, "any", 4096);
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.read(text.replace('\'', '"'));
    }

    private static List<Frame> frames(byte[] stream) {
        List<Frame> frames = new ArrayList<>();
        for (String line : new String(stream, UTF_8).split("\n")) {
            String data = line.startsWith("data: ") ? line.substring(6) : line;
            if (!data.isBlank()) {
                frames.add(new Frame(null, data));
            }
        }
        return frames;
    }

    /** What a caller of a dialect gets of a stream, as the bytes of its frames, one a line. */
    private static byte[] through(Dialect from, Dialect to, byte[] stream, WriteTerms terms) throws BadAnswer {
        Dialect.EventReader reader = from.eventReader();
        ChatRequest asked = to.readRequest(json("{'model': 'm', 'stream': true, 'prompt': 'x', 'messages': [],"
                + " 'stream_options': {'include_usage': true}}"));
        Dialect.EventWriter writer = to.eventWriter(asked, terms);
        StringBuilder out = new StringBuilder();
        for (Frame frame : frames(stream)) {
            for (StreamEvent event : reader.read(frame)) {
                writer.write(event).forEach(each -> out.append(each.data()).append('\n'));
            }
        }
        return out.toString().getBytes(UTF_8);
    }

    private static ReadingObserver seen(Dialect dialect, byte[] stream) {
        ReadingObserver observer = new ReadingObserver(dialect.eventReader());
        frames(stream).forEach(observer::see);
        return observer;
    }

    static Stream<Recording> recordedCompletions() {
        return Stream.of("openai", "ollama", "vllm").flatMap(of -> Recordings.of(of + "/completions").stream());
    }

    @ParameterizedTest
    @MethodSource("recordedCompletions")
    void recordedCompletionsComeOutAsTheyWentIn(Recording recording) throws BadAnswer {
        WriteTerms terms = terms();
        ObjectNode request = (ObjectNode) recording.request();
        ObjectNode written = completions.writeRequest(completions.readRequest(request), terms);
        written.remove("stream_options");
        ObjectNode expected = request.deepCopy();
        if (expected.path("stream").isBoolean() && !expected.path("stream").asBoolean(true)) {
            expected.remove("stream");
        }
        assertThat(Sameness.differences(written, expected)).isEmpty();
        if (recording.status() != 200) {
            return;
        }
        if (recording.streamed()) {
            byte[] again = through(completions, completions, recording.answer(), terms);
            assertThat(text(again, "/choices/0/text")).isEqualTo(text(recording.answer(), "/choices/0/text"));
            assertThat(seen(completions, again).complete()).isTrue();
            assertThat(seen(completions, recording.answer()).facts().finish())
                    .isEqualTo(seen(completions, again).facts().finish());
            return;
        }
        JsonNode given = Json.read(recording.answer());
        ObjectNode again = completions.writeResponse(completions.readResponse(given), terms);
        assertThat(again.path("choices").size()).isEqualTo(given.path("choices").size());
        for (int i = 0; i < again.path("choices").size(); i++) {
            assertThat(again.at("/choices/" + i + "/text")).isEqualTo(given.at("/choices/" + i + "/text"));
            assertThat(again.at("/choices/" + i + "/finish_reason"))
                    .isEqualTo(given.at("/choices/" + i + "/finish_reason"));
            assertThat(again.at("/choices/" + i + "/logprobs")).isEqualTo(given.at("/choices/" + i + "/logprobs"));
        }
        assertThat(again.at("/usage/completion_tokens").longValue())
                .isEqualTo(given.at("/usage/completion_tokens").longValue());
        assertThat(terms.dropped()).isEmpty();
    }

    private static String text(byte[] stream, String... pointers) {
        StringBuilder text = new StringBuilder();
        for (Frame frame : frames(stream)) {
            if (frame.data().startsWith("{")) {
                for (String pointer : pointers) {
                    text.append(Json.read(frame.data()).at(pointer).asString(""));
                }
            }
        }
        return text.toString();
    }

    @Test
    void aPromptIsAskedOfAChatModelAndItsAnswerIsTheText() throws BadAnswer {
        ChatRequest request = completions.readRequest(json("{'model': 'm', 'prompt': ['Say hi'], 'max_tokens': 5}"));
        assertThat(Json.text(chat.writeRequest(request, terms())))
                .contains("\"messages\":[{\"role\":\"user\",\"content\":\"Say hi\"}]");

        ChatResponse answer = chat.readResponse(json("{'id': 'a', 'model': 'm', 'created': 1, 'choices': [{'index': 0,"
                + " 'message': {'role': 'assistant', 'content': 'Hi'}, 'finish_reason': 'length'}]}"));
        assertThat(Json.text(completions.writeResponse(answer, terms())))
                .isEqualTo("{\"id\":\"a\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":["
                        + "{\"text\":\"Hi\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"length\"}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prompt|'prompt': [1, 2]",
                "prompt|'prompt': ['a', 'b']",
                "prompt|'x': 1",
                "echo|'prompt': 'a', 'echo': true",
                "suffix|'prompt': 'a', 'suffix': 'z'",
                "best_of|'prompt': 'a', 'best_of': 3"
            })
    void whatAChatModelCannotBeAskedIsRefusedByName(String field, String members) {
        assertThatThrownBy(() -> completions.refuseUntranslatable(json("{" + members + "}")))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.param()).contains(field));
        assertThat(completions.writeRequest(completions.readRequest(json("{'model': 'm', " + members + "}")), terms()))
                .isNotNull();
    }

    @Test
    void aConversationIsWrittenDownForAModelThatGoesOnWithText() {
        ChatRequest talk = chat.readRequest(
                json(
                        "{'model': 'm', 'messages': [{'role': 'system', 'content': 'Be brief.'},"
                                + " {'role': 'user', 'content': 'Hi'}], 'tools': [{'type': 'function', 'function': {'name': 'f'}}]}"));
        WriteTerms terms = terms();

        ObjectNode written = completions.writeRequest(talk, terms);

        assertThat(written.path("prompt").stringValue()).isEqualTo("System: Be brief.\n\nUser: Hi\n\nAssistant:");
        assertThat(terms.dropped()).containsExactly("tools");
    }

    static Stream<Recording> recordedOllama() {
        return Recordings.of("ollama/ollama.chat").stream();
    }

    @ParameterizedTest
    @MethodSource("recordedOllama")
    void recordedChatsOfOllamaReachCallersOfOtherDialects(Recording recording) throws BadAnswer {
        WriteTerms terms = terms();
        ChatRequest request = ollama.readRequest((ObjectNode) recording.request());
        ObjectNode again = ollama.writeRequest(request, terms);
        assertThat(again.path("tools")).isEqualTo(recording.request().path("tools"));
        assertThat(again.path("messages").size())
                .isEqualTo(recording.request().path("messages").size());
        assertThat(terms.dropped()).isEmpty();
        assertThat(chat.readRequest(chat.writeRequest(request, terms()))
                        .messages()
                        .size())
                .isEqualTo(request.messages().size());

        boolean lines = new String(recording.answer(), UTF_8).trim().contains("}\n{");
        if (lines) {
            byte[] own = through(ollama, ollama, recording.answer(), terms);
            assertThat(text(own, "/message/thinking", "/message/content"))
                    .isEqualTo(text(recording.answer(), "/message/thinking", "/message/content"));
            assertThat(seen(ollama, own).facts().usage())
                    .isEqualTo(seen(ollama, recording.answer()).facts().usage());
            byte[] toChat = through(ollama, chat, recording.answer(), terms());
            assertThat(text(toChat, "/choices/0/delta/content"))
                    .isEqualTo(text(recording.answer(), "/message/content"));
            assertThat(new String(toChat, UTF_8)).endsWith("[DONE]\n");
            return;
        }
        ChatResponse answer = ollama.readResponse(Json.read(recording.answer()));
        assertThat(answer.usage()).isNotNull();
        ObjectNode written = ollama.writeResponse(answer, terms);
        JsonNode given = Json.read(recording.answer());
        assertThat(written.at("/message/thinking")).isEqualTo(given.at("/message/thinking"));
        assertThat(written.at("/message/tool_calls/0/function/arguments"))
                .isEqualTo(given.at("/message/tool_calls/0/function/arguments"));
        assertThat(terms.dropped()).isEmpty();
    }

    @Test
    void ollamaIsToldToolsImagesASchemaAndHowToDraw() {
        ChatRequest request = chat.readRequest(json("{'model': 'm', 'temperature': 0.5, 'max_tokens': 9, 'stop': 'x',"
                + " 'reasoning_effort': 'low', 'tool_choice': 'required',"
                + " 'response_format': {'type': 'json_schema', 'json_schema': {'name': 's', 'schema': {'type': 'object'}}},"
                + " 'tools': [{'type': 'function', 'function': {'name': 'f', 'parameters': {'type': 'object'}}}],"
                + " 'messages': [{'role': 'user', 'content': [{'type': 'text', 'text': 'look'},"
                + " {'type': 'image_url', 'image_url': {'url': 'data:image/png;base64,AAAA'}}]},"
                + " {'role': 'assistant', 'tool_calls': [{'id': 'c1', 'type': 'function',"
                + " 'function': {'name': 'f', 'arguments': '{}'}}]},"
                + " {'role': 'tool', 'tool_call_id': 'c1', 'content': 'done'}]}"));
        WriteTerms terms = terms();

        ObjectNode written = ollama.writeRequest(request, terms);

        assertThat(Json.text(written))
                .isEqualTo(
                        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"look\",\"images\":[\"AAAA\"]},"
                                + "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"c1\",\"function\":"
                                + "{\"name\":\"f\",\"arguments\":{}}}]},{\"role\":\"tool\",\"content\":\"done\",\"tool_name\":\"f\","
                                + "\"tool_call_id\":\"c1\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\","
                                + "\"parameters\":{\"type\":\"object\"}}}],\"options\":{\"num_predict\":9,\"temperature\":0.5,"
                                + "\"stop\":[\"x\"]},\"format\":{\"type\":\"object\"},\"think\":\"low\",\"stream\":false}");
        assertThat(terms.dropped()).containsExactly("tool_choice");
    }

    @Test
    void ollamasErrorInAStreamIsNoEnd() throws BadAnswer {
        List<StreamEvent> events = ollama.eventReader().read(new Frame(null, "{\"error\":\"model crashed\"}"));

        assertThat(events).containsExactly(new StreamEvent.Failed(null, null, "model crashed"));
        assertThatThrownBy(() -> ollama.readResponse(json("{'error': 'x'}"))).isInstanceOf(BadAnswer.class);
        assertThatThrownBy(() -> ollama.readResponse(json("{'message': {'content': 'a'}, 'done': false}")))
                .isInstanceOf(BadAnswer.class);
    }

    @Test
    void callsWithoutIdsGetSome() throws BadAnswer {
        ChatResponse answer = ollama.readResponse(json("{'created_at': '2026-01-01T00:00:00Z', 'done': true,"
                + " 'done_reason': 'stop', 'message': {'content': '', 'tool_calls': [{'function': {'name': 'f',"
                + " 'arguments': {'a': 1}}}, {'function': {'name': 'f', 'arguments': {'a': 2}}}]}}"));

        assertThat(answer.choices().get(0).finish().kind()).isEqualTo(FinishReason.Kind.TOOL_CALLS);
        assertThat(answer.choices().get(0).parts())
                .extracting(part -> ((Part.ToolCall) part).id())
                .doesNotHaveDuplicates()
                .allMatch(id -> id.startsWith("call_"));
    }

    @Test
    void argumentsThatAreNoObjectAreTheOneArgumentAndNoted() {
        ChatRequest request = chat.readRequest(json("{'model': 'm', 'messages': [{'role': 'user', 'content': 'x'},"
                + " {'role': 'assistant', 'tool_calls': [{'id': 'c1', 'type': 'function',"
                + " 'function': {'name': 'f', 'arguments': '[1'}}]}]}"));
        WriteTerms terms = terms();
        ObjectNode written = ollama.writeRequest(request, terms);

        assertThat(written.at("/messages/1/tool_calls/0/function/arguments/arguments")
                        .stringValue())
                .isEqualTo("[1");
        assertThat(terms.dropped()).containsExactly("messages[].tool_calls[].function.arguments");
    }

    @Test
    void hintsForACacheThatOllamaHasNoWordForAreNoted() {
        String hint = "'cache_control': {'type': 'ephemeral'}";
        ChatRequest call = dialects.byId("anthropic")
                .readRequest(json("{'model': 'm', 'max_tokens': 9, 'messages': [{'role': 'user', 'content': 'x'},"
                        + " {'role': 'assistant', 'content': [{'type': 'tool_use', 'id': 'c1', 'name': 'f',"
                        + " 'input': {}, " + hint + "}]}]}"));
        WriteTerms terms = terms();
        ollama.writeRequest(call, terms);

        assertThat(terms.dropped()).contains("messages[].content[].cache_control");
    }
}
