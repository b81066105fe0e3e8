package dev.tollgate.conformance;

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
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Something a caller can ask for: a request that asks for it, and what of a request tells that it does.
 *
 * @param sign what of a request the feature is; two requests that give the same ask for the same
 */
record RequestFeature(String name, ChatRequest request, Function<ChatRequest, Object> sign) {
    private static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private static final JsonNode SCHEMA = Json.read(
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"],\"additionalProperties\":false}");

    /** All features, in the order of the table. */
    static List<RequestFeature> all() {
        return Stream.of(conversation(), media(), tools(), sampling(), output(), reasoning(), hints())
                .flatMap(List::stream)
                .toList();
    }

    private static List<RequestFeature> conversation() {
        return List.of(
                new RequestFeature("system prompt", said(Role.SYSTEM, "Be brief."), RequestFeature::systemText),
                new RequestFeature("developer prompt", said(Role.DEVELOPER, "Be brief."), RequestFeature::systemText),
                new RequestFeature(
                        "several turns",
                        new Draft()
                                .say(Role.USER, "Hi")
                                .say(Role.ASSISTANT, "Hello")
                                .say(Role.USER, "Bye")
                                .request(),
                        request -> texts(request, Role.USER) + "/" + texts(request, Role.ASSISTANT)));
    }

    private static List<RequestFeature> media() {
        return List.of(
                media("image, inline", MediaKind.IMAGE, new Source.Inline("image/png", PIXEL), null),
                media("image by URL", MediaKind.IMAGE, new Source.Url("https://images.example.com/cat.png"), null),
                media("image by file id", MediaKind.IMAGE, new Source.FileId("file-abc123"), null),
                media("PDF, inline", MediaKind.DOCUMENT, new Source.Inline("application/pdf", "JVBERi0xLjQK"), "a.pdf"),
                media("PDF by URL", MediaKind.DOCUMENT, new Source.Url("https://docs.example.com/a.pdf"), null),
                media("audio, inline", MediaKind.AUDIO, new Source.Inline("audio/wav", "UklGRiQAAABXQVZF"), null));
    }

    private static RequestFeature media(String name, MediaKind kind, Source source, @Nullable String title) {
        Part.Media media = new Part.Media(kind, source, title, null, Extras.NONE);
        ChatRequest request =
                new Draft().part(Role.USER, Part.Text.of("Look")).with(media).request();
        return new RequestFeature(
                name,
                request,
                read -> parts(read, Part.Media.class)
                        .map(part -> part.kind() + " " + part.source())
                        .toList());
    }

    private static List<RequestFeature> tools() {
        Tool.Function plain = new Tool.Function("weather", "Tells it", SCHEMA, null, null, Extras.NONE);
        Tool.Function strict = new Tool.Function("weather", "Tells it", SCHEMA, true, null, Extras.NONE);
        return List.of(
                new RequestFeature(
                        "tools",
                        draft().tool(plain).request(),
                        request -> functions(request)
                                .map(tool -> tool.name() + tool.description())
                                .toList()),
                new RequestFeature(
                        "strict tools",
                        draft().tool(strict).request(),
                        request -> functions(request)
                                .map(Tool.Function::strict)
                                .map(Boolean.TRUE::equals)
                                .toList()),
                choice("a tool is demanded", plain, new ToolChoice.Required()),
                new RequestFeature(
                        "this tool is demanded",
                        draft().tool(plain)
                                .choose(new ToolChoice.Named("weather"))
                                .request(),
                        RequestFeature::demanded),
                new RequestFeature(
                        "no tool may be called",
                        draft().tool(plain).choose(new ToolChoice.None()).request(),
                        request -> request.tools().isEmpty() || request.toolChoice() instanceof ToolChoice.None),
                new RequestFeature(
                        "one call at a time",
                        draft().tool(plain).singly().request(),
                        request -> Optional.ofNullable(request.parallelTools())),
                new RequestFeature("parallel calls and results", loop(plain, false, false), RequestFeature::loopSign),
                new RequestFeature(
                        "tool result with image",
                        loop(plain, true, false),
                        request -> loopSign(request)
                                + " "
                                + Stream.concat(
                                                parts(request, Part.Media.class),
                                                parts(request, Part.ToolResult.class)
                                                        .flatMap(result -> result.content().stream())
                                                        .filter(Part.Media.class::isInstance))
                                        .count()),
                new RequestFeature(
                        "failed tool result",
                        loop(plain, false, true),
                        request -> parts(request, Part.ToolResult.class)
                                .map(Part.ToolResult::error)
                                .toList()));
    }

    private static RequestFeature choice(String name, Tool.Function tool, ToolChoice choice) {
        return new RequestFeature(
                name,
                draft().tool(tool).choose(choice).request(),
                request -> Optional.ofNullable(request.toolChoice()));
    }

    /** The tool that must be called: the one named, or any where there is only one. */
    private static Object demanded(ChatRequest request) {
        ToolChoice choice = request.toolChoice();
        if (choice instanceof ToolChoice.Required && request.tools().size() == 1) {
            return functions(request).map(Tool.Function::name).findFirst();
        }
        return choice instanceof ToolChoice.Named named ? Optional.of(named.name()) : Optional.empty();
    }

    private static ChatRequest loop(Tool.Function tool, boolean image, boolean error) {
        List<Part> first = new ArrayList<>(List.of(Part.Text.of("sunny")));
        if (image) {
            first.add(new Part.Media(MediaKind.IMAGE, new Source.Inline("image/png", PIXEL), null, null, Extras.NONE));
        }
        return draft().tool(tool)
                .part(Role.ASSISTANT, new Part.ToolCall("call_1", "weather", "{\"city\":\"Bern\"}", null, Extras.NONE))
                .with(new Part.ToolCall("call_2", "weather", "{\"city\":\"Rome\"}", null, Extras.NONE))
                .part(Role.USER, new Part.ToolResult("call_1", first, error, null, Extras.NONE))
                .with(new Part.ToolResult("call_2", List.of(Part.Text.of("rainy")), false, null, Extras.NONE))
                .request();
    }

    private static List<RequestFeature> sampling() {
        return List.of(
                sampled(
                        "output limit",
                        new Sampling(77L, null, null, null, null, null, null, null, null, List.of()),
                        Sampling::maxTokens),
                sampled(
                        "temperature",
                        new Sampling(null, Json.read("0.5"), null, null, null, null, null, null, null, List.of()),
                        Sampling::temperature),
                sampled(
                        "top_p",
                        new Sampling(null, null, Json.read("0.5"), null, null, null, null, null, null, List.of()),
                        Sampling::topP),
                sampled(
                        "top_k",
                        new Sampling(null, null, null, 7L, null, null, null, null, null, List.of()),
                        Sampling::topK),
                sampled(
                        "penalties",
                        new Sampling(
                                null,
                                null,
                                null,
                                null,
                                Json.read("0.5"),
                                Json.read("0.25"),
                                null,
                                null,
                                null,
                                List.of()),
                        s -> s.frequencyPenalty() + " " + s.presencePenalty()),
                sampled(
                        "seed",
                        new Sampling(null, null, null, null, null, null, 7L, null, null, List.of()),
                        Sampling::seed),
                sampled(
                        "several answers (n)",
                        new Sampling(null, null, null, null, null, null, null, 2L, null, List.of()),
                        Sampling::choices),
                sampled(
                        "log probabilities",
                        new Sampling(null, null, null, null, null, null, null, null, 3L, List.of()),
                        Sampling::topLogprobs),
                sampled(
                        "stop sequences",
                        new Sampling(null, null, null, null, null, null, null, null, null, List.of("END", "STOP")),
                        Sampling::stop));
    }

    private static RequestFeature sampled(String name, Sampling sampling, Function<Sampling, Object> sign) {
        return new RequestFeature(
                name,
                draft().sampling(sampling).request(),
                request -> Optional.ofNullable(sign.apply(request.sampling())).map(Object::toString));
    }

    private static List<RequestFeature> output() {
        return List.of(
                new RequestFeature(
                        "JSON object",
                        draft().output(new OutputFormat.Json()).request(),
                        request -> request.output() != null),
                new RequestFeature(
                        "JSON Schema",
                        draft().output(new OutputFormat.Schema("answer", null, SCHEMA, true))
                                .request(),
                        request -> request.output() instanceof OutputFormat.Schema));
    }

    private static List<RequestFeature> reasoning() {
        return List.of(
                thinking("reasoning effort", new Thinking(Thinking.Mode.ON, "low", null, null)),
                thinking("reasoning budget", new Thinking(Thinking.Mode.ON, null, 2048L, null)),
                new RequestFeature(
                        "no reasoning",
                        draft().thinking(new Thinking(Thinking.Mode.OFF, null, null, null))
                                .request(),
                        request ->
                                request.thinking() != null && request.thinking().mode() == Thinking.Mode.OFF));
    }

    private static RequestFeature thinking(String name, Thinking thinking) {
        return new RequestFeature(
                name,
                draft().thinking(thinking)
                        .sampling(new Sampling(8192L, null, null, null, null, null, null, null, null, List.of()))
                        .request(),
                request -> request.thinking() != null && request.thinking().mode() != Thinking.Mode.OFF);
    }

    private static List<RequestFeature> hints() {
        return List.of(
                new RequestFeature(
                        "prompt cache hint",
                        new Draft()
                                .part(Role.USER, new Part.Text("Long", new Part.CacheHint(null), Extras.NONE))
                                .request(),
                        request -> parts(request, Part.Text.class)
                                .map(text -> text.cache() != null)
                                .toList()),
                hint("end user", new Hints("user-1", null, null, null, null), Hints::user),
                hint("prompt cache key", new Hints(null, null, "key-1", null, null), Hints::cacheKey),
                hint("verbosity", new Hints(null, null, null, "low", null), Hints::verbosity),
                hint(
                        "metadata",
                        new Hints(null, null, null, null, Json.read("{\"team\":\"search\"}")),
                        Hints::metadata));
    }

    private static RequestFeature hint(String name, Hints hints, Function<Hints, Object> sign) {
        return new RequestFeature(
                name, draft().hints(hints).request(), request -> Optional.ofNullable(sign.apply(request.hints())));
    }

    private static Draft draft() {
        return new Draft().say(Role.USER, "How is the weather?");
    }

    private static ChatRequest said(Role role, String text) {
        return new Draft().say(role, text).say(Role.USER, "Hi").request();
    }

    private static Object systemText(ChatRequest request) {
        return texts(request, Role.SYSTEM) + texts(request, Role.DEVELOPER);
    }

    private static String texts(ChatRequest request, Role role) {
        StringBuilder texts = new StringBuilder();
        request.messages().stream()
                .filter(message -> message.role() == role)
                .flatMap(message -> message.parts().stream())
                .filter(Part.Text.class::isInstance)
                .forEach(part -> texts.append(((Part.Text) part).text()).append('|'));
        return texts.toString();
    }

    private static Stream<Tool.Function> functions(ChatRequest request) {
        return request.tools().stream().filter(Tool.Function.class::isInstance).map(Tool.Function.class::cast);
    }

    private static Object loopSign(ChatRequest request) {
        List<String> calls = parts(request, Part.ToolCall.class)
                .map(call -> call.name() + Json.read(call.arguments()))
                .toList();
        List<Integer> answered = parts(request, Part.ToolResult.class)
                .map(result -> parts(request, Part.ToolCall.class)
                        .map(Part.ToolCall::id)
                        .toList()
                        .indexOf(result.id()))
                .toList();
        List<String> words = parts(request, Part.ToolResult.class)
                .map(result -> String.valueOf(result.content().stream()
                        .filter(Part.Text.class::isInstance)
                        .map(part -> ((Part.Text) part).text())
                        .anyMatch(text -> text.contains("sunny") || text.contains("rainy"))))
                .toList();
        return calls + " " + answered + " " + words;
    }

    private static <P extends Part> Stream<P> parts(ChatRequest request, Class<P> type) {
        return request.messages().stream()
                .flatMap(message -> message.parts().stream())
                .filter(type::isInstance)
                .map(type::cast);
    }

    /** A request as it grows. */
    private static final class Draft {
        private final List<Message> messages = new ArrayList<>();
        private final List<Tool> tools = new ArrayList<>();
        private @Nullable ToolChoice choice;
        private @Nullable Boolean parallel;
        private Sampling sampling = new Sampling(null, null, null, null, null, null, null, null, null, List.of());
        private @Nullable OutputFormat output;
        private @Nullable Thinking thinking;
        private Hints hints = Hints.NONE;

        Draft say(Role role, String text) {
            return part(role, Part.Text.of(text));
        }

        Draft part(Role role, Part part) {
            messages.add(new Message(role, List.of(part), Extras.NONE));
            return this;
        }

        Draft with(Part part) {
            Message last = Objects.requireNonNull(messages.remove(messages.size() - 1));
            messages.add(new Message(
                    last.role(),
                    Stream.concat(last.parts().stream(), Stream.of(part)).toList(),
                    Extras.NONE));
            return this;
        }

        Draft tool(Tool tool) {
            tools.add(tool);
            return this;
        }

        Draft choose(ToolChoice how) {
            choice = how;
            return this;
        }

        Draft singly() {
            parallel = false;
            return this;
        }

        Draft sampling(Sampling how) {
            sampling = how;
            return this;
        }

        Draft output(OutputFormat how) {
            output = how;
            return this;
        }

        Draft thinking(Thinking how) {
            thinking = how;
            return this;
        }

        Draft hints(Hints what) {
            hints = what;
            return this;
        }

        ChatRequest request() {
            return new ChatRequest(
                    "model",
                    messages,
                    tools,
                    choice,
                    parallel,
                    sampling,
                    output,
                    thinking,
                    hints,
                    false,
                    false,
                    Extras.NONE);
        }
    }
}
