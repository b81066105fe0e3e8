package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.MediaKind;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What holds of every request that the neutral records can hold. */
class RequestProperties {
    private static final JsonNode SCHEMA =
            Json.read("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}");

    private final Dialects dialects = new Dialects(InstantSource.system());

    private static WriteTerms terms() {
        return new WriteTerms(Quirks.NONE, "any", 4096);
    }

    @Property(tries = 500)
    void writingWhatWasReadChangesNothing(@ForAll("requests") ChatRequest request) {
        for (String id : dialects.ids()) {
            if (SmallDialectsTest.IDS.contains(id)) {
                continue;
            }
            Dialect dialect = dialects.byId(id);
            ObjectNode written = dialect.writeRequest(request, terms());
            ChatRequest read = dialect.readRequest(written);
            WriteTerms terms = terms();
            ObjectNode again = dialect.writeRequest(read, terms);
            assertThat(Sameness.differences(again, written)).as(id).isEmpty();
            assertThat(terms.dropped()).as(id).isEmpty();
            ObjectNode third = dialect.writeRequest(dialect.readRequest(again.deepCopy()), terms());
            assertThat(third).as(id).isEqualTo(again);
        }
    }

    @Property(tries = 500)
    void nothingSaidIsLostBetweenDialects(@ForAll("requests") ChatRequest request) {
        for (String id : dialects.ids()) {
            if (SmallDialectsTest.IDS.contains(id)) {
                continue;
            }
            Dialect dialect = dialects.byId(id);
            WriteTerms terms = terms();
            ChatRequest read = dialect.readRequest(dialect.writeRequest(request, terms));
            Gist.assertSameConversation(read, request, terms);
            boolean noneByNoTools = request.toolChoice() instanceof ToolChoice.None && read.toolChoice() == null;
            if (!noneByNoTools || !read.tools().isEmpty()) {
                assertThat(read.tools()).hasSameSizeAs(offered(request, read));
            }
            if (!request.tools().isEmpty() && !noneByNoTools && !terms.dropped().contains("tool_choice")) {
                assertSameChoice(read.toolChoice(), request);
            }
        }
    }

    /** Where a dialect has no word for it, "as you like" is said by silence, and which by there being but one. */
    private static void assertSameChoice(@Nullable ToolChoice read, ChatRequest request) {
        ToolChoice wanted = request.toolChoice();
        boolean bySilence = read == null && wanted instanceof ToolChoice.Auto;
        boolean byBeingAlone = read instanceof ToolChoice.Required
                && wanted instanceof ToolChoice.Named
                && request.tools().size() == 1;
        if (!bySilence && !byBeingAlone) {
            assertThat(read).isEqualTo(wanted);
        }
    }

    /** The tools of a request; where it offers none but holds calls, a dialect may want those it called to be named. */
    private static List<Tool> offered(ChatRequest request, ChatRequest read) {
        return request.tools().isEmpty() && holdsCalls(request) ? read.tools() : request.tools();
    }

    private static boolean holdsCalls(ChatRequest request) {
        return request.messages().stream()
                .flatMap(message -> message.parts().stream())
                .anyMatch(part -> part instanceof Part.ToolCall);
    }

    @Provide
    Arbitrary<ChatRequest> requests() {
        return Combinators.combine(
                        conversations(), tools(), toolChoices(), samplings(), outputs(), Arbitraries.of(true, false))
                .as((messages, tools, choice, sampling, output, stream) -> new ChatRequest(
                        "model",
                        messages,
                        tools,
                        tools.isEmpty() ? null : choice,
                        null,
                        sampling,
                        output,
                        null,
                        stream ? new Hints("user-1", null, null, null, null) : Hints.NONE,
                        stream,
                        stream,
                        Extras.NONE));
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("abc äß😀\n\"\\{}").ofMaxLength(20);
    }

    /** Conversations as they go: the user speaks, the model answers or calls tools, the tools answer. */
    private Arbitrary<List<Message>> conversations() {
        Arbitrary<List<Message>> turn = Combinators.combine(userParts(), texts(), calls())
                .as((said, answer, calls) -> {
                    List<Message> messages = new ArrayList<>();
                    messages.add(new Message(Role.USER, said, Extras.NONE));
                    List<Part> spoken = new ArrayList<>(List.of(Part.Text.of("a" + answer)));
                    spoken.addAll(calls);
                    messages.add(new Message(Role.ASSISTANT, spoken, Extras.NONE));
                    for (Part.ToolCall call : calls) {
                        Part result = new Part.ToolResult(
                                call.id(), List.of(Part.Text.of("r" + answer)), false, null, Extras.NONE);
                        messages.add(new Message(Role.TOOL, List.of(result), Extras.NONE));
                    }
                    return messages;
                });
        Arbitrary<List<List<Message>>> turns = turn.list().ofMinSize(1).ofMaxSize(3);
        return Combinators.combine(texts(), turns).as((system, all) -> {
            List<Message> messages = new ArrayList<>();
            messages.add(new Message(Role.SYSTEM, List.of(Part.Text.of("s" + system)), Extras.NONE));
            all.forEach(messages::addAll);
            return messages;
        });
    }

    private static Arbitrary<List<Part>> userParts() {
        Arbitrary<Part> text = texts().map(each -> Part.Text.of("u" + each));
        Arbitrary<Part> media = Arbitraries.<Part>of(
                new Part.Media(MediaKind.IMAGE, new Source.Inline("image/png", "AAAA"), null, null, Extras.NONE),
                new Part.Media(MediaKind.IMAGE, new Source.Url("https://e.org/a.png"), null, null, Extras.NONE),
                new Part.Media(
                        MediaKind.DOCUMENT, new Source.Inline("application/pdf", "AAAA"), "a.pdf", null, Extras.NONE));
        return Arbitraries.oneOf(text, media).list().ofMinSize(1).ofMaxSize(3);
    }

    private static Arbitrary<List<Part.ToolCall>> calls() {
        Arbitrary<String> ids =
                Arbitraries.strings().withChars("abcXYZ019_-").ofMinLength(1).ofMaxLength(30);
        return Combinators.combine(ids, texts())
                .as((id, text) -> new Part.ToolCall(
                        id, "tool", Json.text(Json.read("{}").withObject("/").put("a", text)), null, Extras.NONE))
                .list()
                .uniqueElements(Part.ToolCall::id)
                .ofMaxSize(2);
    }

    private static Arbitrary<List<Tool>> tools() {
        Arbitrary<Tool> tool = Combinators.combine(
                        texts(), Arbitraries.of(true, false).injectNull(0.5))
                .as((description, strict) ->
                        new Tool.Function("tool", "d" + description, SCHEMA, strict, null, Extras.NONE));
        return tool.list().ofMaxSize(2);
    }

    private static Arbitrary<ToolChoice> toolChoices() {
        return Arbitraries.<ToolChoice>of(
                        new ToolChoice.Auto(),
                        new ToolChoice.None(),
                        new ToolChoice.Required(),
                        new ToolChoice.Named("tool"))
                .injectNull(0.2);
    }

    private static Arbitrary<Sampling> samplings() {
        Arbitrary<Long> limits = Arbitraries.longs().between(1, 100_000);
        Arbitrary<List<String>> stops = Arbitraries.strings()
                .alpha()
                .ofMinLength(1)
                .ofMaxLength(5)
                .list()
                .ofMaxSize(4);
        return Combinators.combine(limits, stops)
                .as((limit, stop) ->
                        new Sampling(limit, Json.read("0.7"), null, null, null, null, null, null, null, stop));
    }

    private static Arbitrary<OutputFormat> outputs() {
        OutputFormat schema = new OutputFormat.Schema("answer", null, SCHEMA, null);
        return Arbitraries.<OutputFormat>of(schema, new OutputFormat.Json()).injectNull(0.5);
    }
}
