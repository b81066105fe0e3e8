package dev.tollgate.conformance;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.FinishReason.Kind;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.TokenChance;
import dev.tollgate.chat.Usage;
import dev.tollgate.json.Json;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something an answer can hold: an answer that holds it, and what of an answer tells that it does.
 *
 * @param sign what of an answer the feature is; two answers that give the same say the same
 */
record AnswerFeature(String name, ChatResponse answer, Function<ChatResponse, Object> sign) {
    private static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private static final Part TEXT = Part.Text.of("It is sunny.");
    private static final Usage USED = new Usage(90, 0, 0, 0, 20, 0, 0, 0, Extras.NONE);

    /** All features, in the order of the table. */
    static List<AnswerFeature> all() {
        return List.of(
                parts("text", List.of(TEXT), AnswerFeature::texts),
                parts(
                        "parallel tool calls",
                        Kind.TOOL_CALLS,
                        List.of(
                                new Part.ToolCall("call_1", "weather", "{\"city\":\"Bern\"}", null, Extras.NONE),
                                new Part.ToolCall("call_2", "weather", "{\"city\":\"Rome\"}", null, Extras.NONE)),
                        answer -> finish(answer) + " "
                                + of(answer, Part.ToolCall.class)
                                        .map(call -> call.name() + Json.read(call.arguments()))
                                        .toList()),
                parts(
                        "text before a tool call",
                        Kind.TOOL_CALLS,
                        List.of(TEXT, new Part.ToolCall("call_1", "weather", "{}", null, Extras.NONE)),
                        answer -> texts(answer)
                                + of(answer, Part.ToolCall.class)
                                        .map(Part.ToolCall::name)
                                        .toList()),
                parts(
                        "reasoning",
                        List.of(new Part.Reasoning("Look out.", null, Extras.NONE), TEXT),
                        answer -> of(answer, Part.Reasoning.class)
                                        .map(Part.Reasoning::text)
                                        .toList()
                                + texts(answer)),
                parts(
                        "words of refusal",
                        Kind.REFUSAL,
                        List.of(new Part.Declined("I will not.", Extras.NONE)),
                        answer -> texts(answer)
                                + of(answer, Part.Declined.class)
                                        .map(Part.Declined::text)
                                        .collect(Collectors.joining())),
                parts(
                        "citations",
                        List.of(cited()),
                        answer -> of(answer, Part.Text.class)
                                .flatMap(text -> text.citations().stream())
                                .map(citation -> citation.url() + " " + citation.title())
                                .toList()),
                parts(
                        "image",
                        List.of(
                                TEXT,
                                new Part.Media(
                                        Part.MediaKind.IMAGE,
                                        new Part.Source.Inline("image/png", PIXEL),
                                        null,
                                        null,
                                        Extras.NONE)),
                        AnswerFeature::hasPicture),
                new AnswerFeature(
                        "several answers (n)",
                        answer(List.of(choice(0, Kind.STOP, List.of(TEXT)), choice(1, Kind.STOP, List.of(TEXT))), USED),
                        answer -> answer.choices().size()),
                new AnswerFeature(
                        "log probabilities",
                        answer(
                                List.of(new Choice(
                                        0,
                                        List.of(TEXT),
                                        reason(Kind.STOP),
                                        List.of(new TokenChance(
                                                "It is sunny.",
                                                Json.read("-0.5"),
                                                null,
                                                List.of(new TokenChance("No", Json.read("-1.5"), null, List.of())))),
                                        Extras.NONE)),
                                USED),
                        answer -> answer.choices().stream()
                                .flatMap(choice -> choice.chances().stream())
                                .map(chance -> chance.token() + " " + chance.logprob())
                                .toList()),
                finished("cut at the output limit", Kind.LENGTH),
                finished("met a stop sequence", Kind.STOP_SEQUENCE),
                finished("stopped by a content filter", Kind.CONTENT_FILTER),
                finished("context window full", Kind.CONTEXT_WINDOW),
                used("usage", USED, usage -> usage.input() + " " + usage.output()),
                used(
                        "usage: cache read",
                        new Usage(60, 30, 0, 0, 20, 0, 0, 0, Extras.NONE),
                        usage -> usage.uncachedInput() + " " + usage.cacheRead()),
                used(
                        "usage: cache written",
                        new Usage(60, 0, 30, 0, 20, 0, 0, 0, Extras.NONE),
                        usage -> usage.uncachedInput() + " " + usage.cacheWrite5m()),
                used(
                        "usage: reasoning",
                        new Usage(90, 0, 0, 0, 20, 15, 0, 0, Extras.NONE),
                        usage -> usage.output() + " " + usage.reasoning()));
    }

    private static Part cited() {
        Opaque whole = new Opaque("none", "citation", Json.read("{}"));
        Citation citation = new Citation("https://example.com/sun", "The sun", null, 0L, 12L, whole);
        return new Part.Text("It is sunny.", List.of(citation), null, Extras.NONE);
    }

    private static AnswerFeature parts(String name, List<Part> parts, Function<ChatResponse, Object> sign) {
        return parts(name, Kind.STOP, parts, sign);
    }

    private static AnswerFeature parts(String name, Kind kind, List<Part> parts, Function<ChatResponse, Object> sign) {
        return new AnswerFeature(name, answer(List.of(choice(0, kind, parts)), USED), sign);
    }

    private static AnswerFeature finished(String name, Kind kind) {
        return parts(name, kind, List.of(TEXT), AnswerFeature::finish);
    }

    private static AnswerFeature used(String name, Usage usage, Function<Usage, Object> sign) {
        return new AnswerFeature(
                name,
                answer(List.of(choice(0, Kind.STOP, List.of(TEXT))), usage),
                answer -> sign.apply(Objects.requireNonNullElse(answer.usage(), Usage.NONE)));
    }

    private static ChatResponse answer(List<Choice> choices, Usage usage) {
        return new ChatResponse("id-1", "model", 1_700_000_000L, choices, usage, Extras.NONE);
    }

    private static Choice choice(int index, Kind kind, List<Part> parts) {
        return new Choice(index, parts, reason(kind), List.of(), Extras.NONE);
    }

    private static FinishReason reason(Kind kind) {
        return new FinishReason(kind, "", kind == Kind.STOP_SEQUENCE ? "END" : "");
    }

    /** Why it stopped, in the words that all formats have: many say less than others of the same thing. */
    private static Kind finish(ChatResponse answer) {
        Kind kind = answer.choices().get(0).finish().kind();
        return switch (kind) {
            case STOP_SEQUENCE -> Kind.STOP;
            case CONTEXT_WINDOW -> Kind.LENGTH;
            case REFUSAL -> Kind.CONTENT_FILTER;
            default -> kind;
        };
    }

    /** Whether the picture is there, as such or in what only one format knows (the result of a picture-making tool). */
    private static boolean hasPicture(ChatResponse answer) {
        return Stream.concat(
                        of(answer, Part.Media.class).map(Part.Media::source),
                        of(answer, Part.Foreign.class)
                                .map(foreign -> foreign.whole().value()))
                .anyMatch(holder -> holder.toString().contains(PIXEL));
    }

    private static String texts(ChatResponse answer) {
        StringBuilder texts = new StringBuilder();
        of(answer, Part.Text.class).forEach(text -> texts.append(text.text()));
        return texts.toString();
    }

    private static <P extends Part> Stream<P> of(ChatResponse answer, Class<P> type) {
        return answer.choices().stream()
                .flatMap(choice -> choice.parts().stream())
                .filter(type::isInstance)
                .map(type::cast);
    }
}
