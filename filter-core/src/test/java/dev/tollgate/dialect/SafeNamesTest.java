package dev.tollgate.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.chat.Usage;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.stream.Framings;
import dev.tollgate.testing.Targets;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tools whose names a provider would refuse are known to it by others, and to the caller by their own. */
class SafeNamesTest {
    private static final Dialects DIALECTS = new Dialects(InstantSource.system());
    private static final List<String> NAMES = List.of(
            "files.read",
            "files/read",
            "x".repeat(65),
            "x".repeat(64) + "y",
            "1st",
            "größe messen",
            "mcp__plain-name_1");

    static Stream<String> targets() {
        return DIALECTS.ids().stream()
                .filter(id -> !id.equals("openai-completions"))
                .sorted();
    }

    private static Translation translation(String targets, boolean stream) {
        String callers = targets.equals("openai-chat") ? "anthropic" : "openai-chat";
        WriteTerms terms = new WriteTerms(Quirks.NONE, "any", 4096);
        byte[] body = Json.write(DIALECTS.byId(callers).writeRequest(request(), terms));
        Passage passage = new Passage(
                DIALECTS.byId(callers),
                DIALECTS.byId(targets),
                Way.chat(targets, "/chat"),
                Targets.of("any", targets, "m", Quirks.NONE),
                4096,
                stream,
                Framings.SSE,
                "call",
                List.of());
        return Translations.of(passage, JsonDocument.parse(body));
    }

    private static ChatRequest request() {
        List<Tool> tools = new ArrayList<>();
        List<Part> calls = new ArrayList<>();
        List<Part> results = new ArrayList<>();
        for (String name : NAMES) {
            String id = "call" + calls.size();
            tools.add(new Tool.Function(name, "d", Json.read("{\"type\":\"object\"}"), null, null, Extras.NONE));
            calls.add(new Part.ToolCall(id, name, "{}", null, Extras.NONE));
            results.add(new Part.ToolResult(id, List.of(Part.Text.of("ok")), false, null, Extras.NONE));
        }
        return new ChatRequest(
                "m",
                List.of(
                        new Message(Role.USER, List.of(Part.Text.of("hi")), Extras.NONE),
                        new Message(Role.ASSISTANT, calls, Extras.NONE),
                        new Message(Role.USER, results, Extras.NONE)),
                tools,
                new ToolChoice.Named(NAMES.get(0)),
                null,
                new Sampling(99L, null, null, null, null, null, null, null, null, List.of()),
                null,
                null,
                Hints.NONE,
                false,
                false,
                Extras.NONE);
    }

    private static ChatRequest sent(Translation translation, String targets) {
        var body = JsonDocument.parse(translation.requestBody()).tree();
        return DIALECTS.byId(targets).readRequest(body);
    }

    private static List<String> offered(ChatRequest request) {
        return request.tools().stream()
                .map(tool -> ((Tool.Function) tool).name())
                .toList();
    }

    private static List<String> called(List<Part> parts) {
        return parts.stream()
                .filter(part -> part instanceof Part.ToolCall)
                .map(part -> ((Part.ToolCall) part).name())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void theTargetIsToldNamesItAcceptsAndTheSameOnesInTheConversation(String targets) {
        ChatRequest sent = sent(translation(targets, false), targets);
        List<String> offered = offered(sent);
        List<String> called = new ArrayList<>();
        sent.messages().forEach(message -> called.addAll(called(message.parts())));

        assertThat(offered).hasSizeGreaterThan(0).allMatch(name -> name.matches("[A-Za-z_][A-Za-z0-9_-]{0,63}"));
        assertThat(called).containsExactlyElementsOf(safe());
        assertThat(new HashSet<>(called)).hasSameSizeAs(NAMES).contains("mcp__plain-name_1");
        assertThat(called).containsAll(offered);
        if (sent.toolChoice() instanceof ToolChoice.Named named) {
            assertThat(named.name()).isEqualTo(called.get(0));
        }
    }

    /** The names as one target is told them: all are told the same. */
    private static List<String> safe() {
        return offered(sent(translation("anthropic", false), "anthropic"));
    }

    private static ChatResponse answer() {
        List<Part> parts = new ArrayList<>();
        for (String name : safe()) {
            parts.add(new Part.ToolCall("id" + parts.size(), name, "{}", null, Extras.NONE));
        }
        FinishReason finish = new FinishReason(FinishReason.Kind.TOOL_CALLS, "", "");
        return new ChatResponse(
                "id",
                "m",
                1L,
                List.of(new ChatResponse.Choice(0, parts, finish, List.of(), Extras.NONE)),
                Usage.NONE,
                Extras.NONE);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void theCallerIsToldItsOwnNamesInAWholeAnswer(String targets) throws BadAnswer {
        Translation translation = translation(targets, false);
        WriteTerms terms = new WriteTerms(Quirks.NONE, "any", 4096);
        byte[] answer = Json.write(DIALECTS.byId(targets).writeResponse(answer(), terms));
        byte[] told = translation.answer(answer).body();

        Dialect callers = DIALECTS.byId(targets.equals("openai-chat") ? "anthropic" : "openai-chat");
        ChatResponse read = callers.readResponse(Json.read(new String(told, UTF_8)));
        assertThat(called(read.choices().get(0).parts())).containsExactlyElementsOf(NAMES);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void theCallerIsToldItsOwnNamesInAStream(String targets) throws BadAnswer {
        Translation.Streamed streamed = translation(targets, true).stream(Framings.SSE);
        Dialect callers = DIALECTS.byId(targets.equals("openai-chat") ? "anthropic" : "openai-chat");
        Dialect.EventReader reader = callers.eventReader();
        List<String> started = new ArrayList<>();
        FrameReader frames = Framings.SSE.reader();
        for (Frame frame : streamed(DIALECTS.byId(targets))) {
            for (ByteBuffer bytes :
                    streamed.accept(frame, SseFrames.encode(frame)).out()) {
                frames.feed(
                        bytes,
                        (one, raw) -> reader.read(one).forEach(event -> {
                            if (event instanceof StreamEvent.ToolCallStart start) {
                                started.add(start.name());
                            }
                        }));
            }
        }
        assertThat(started).containsExactlyElementsOf(NAMES);
    }

    private static List<Frame> streamed(Dialect targets) throws BadAnswer {
        List<StreamEvent> events = new ArrayList<>();
        events.add(new StreamEvent.Start("id", "m", 1L, null, Extras.NONE));
        for (Part part : answer().choices().get(0).parts()) {
            Part.ToolCall call = (Part.ToolCall) part;
            int at = events.size();
            events.add(new StreamEvent.ToolCallStart(0, at, call.id(), call.name()));
            events.add(new StreamEvent.ToolCallDelta(0, at, "{}"));
            events.add(new StreamEvent.PartEnd(0, at));
        }
        events.add(new StreamEvent.Finish(0, answer().choices().get(0).finish(), Extras.NONE));
        events.add(new StreamEvent.UsageReport(Usage.NONE));
        events.add(new StreamEvent.Done());
        return Streams.write(
                targets.eventWriter(Streams.request(targets), new WriteTerms(Quirks.NONE, "any", 9)), events);
    }
}
