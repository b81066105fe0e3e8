package dev.tollgate.dialect.openairesponses;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.dialect.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request for a response. */
final class RequestReader {
    static final String ENCRYPTED = "reasoning.encrypted_content";
    static final String LOGPROBS = "message.output_text.logprobs";

    /** Fields whose value is what other dialects do anyway. */
    private static final List<String> OFF = List.of("store", "background");

    private final Fields body;

    private RequestReader(Fields body) {
        this.body = body;
    }

    static ChatRequest read(ObjectNode body) {
        return new RequestReader(Fields.strict(body, OpenAiResponses.ID)).read();
    }

    private ChatRequest read() {
        String model = body.need("model");
        needInput();
        labels();
        List<Tool> tools = ToolReader.read(body);
        List<Message> messages = new InputReader(body, customTools(tools)).read();
        return new ChatRequest(
                model,
                messages,
                tools,
                toolChoice(),
                body.flag("parallel_tool_calls"),
                sampling(),
                output(),
                thinking(),
                hints(),
                Boolean.TRUE.equals(body.flag("stream")),
                true,
                body.rest());
    }

    private void needInput() {
        boolean stored = body.peek("prompt") != null
                || body.peek("previous_response_id") != null
                || body.peek("conversation") != null;
        if (body.peek("input") == null && !stored) {
            throw Refusal.badField("input", "'input' is required: a string or a list of items");
        }
    }

    /** What other dialects lose nothing by: they do it anyway, or it is of use to OpenAI alone. */
    private void labels() {
        body.label("client_metadata", "stream_options");
        for (String name : OFF) {
            JsonNode value = body.peek(name);
            if (value != null && value.isBoolean() && !value.booleanValue()) {
                body.label(name);
            }
        }
        if (body.node().path("truncation").asString("").equals("disabled")) {
            body.label("truncation");
        }
        boolean known = true;
        for (JsonNode included : body.node().path("include")) {
            String word = included.asString("");
            known &= word.equals(ENCRYPTED) || word.equals(LOGPROBS);
        }
        if (known) {
            body.label("include");
        }
    }

    private static Set<String> customTools(List<Tool> tools) {
        ToolNames names = new ToolNames(tools);
        Set<String> custom = new HashSet<>();
        for (Tool tool : tools) {
            if (tool instanceof Tool.Function function
                    && names.origin(function.name()).custom()) {
                custom.add(function.name());
            }
        }
        return custom;
    }

    private Sampling sampling() {
        return new Sampling(
                body.whole("max_output_tokens"),
                body.number("temperature"),
                body.number("top_p"),
                null,
                null,
                null,
                null,
                null,
                topLogprobs(),
                List.of());
    }

    private @Nullable Long topLogprobs() {
        Long top = body.whole("top_logprobs");
        for (JsonNode included : body.node().path("include")) {
            if (top == null && included.asString("").equals(LOGPROBS)) {
                return 0L;
            }
        }
        return top;
    }

    private Hints hints() {
        String user = body.text("user");
        JsonNode identifier = body.peek("safety_identifier");
        if (user == null && identifier != null && identifier.isString()) {
            body.label("safety_identifier");
            user = identifier.stringValue();
        }
        Fields text = body.object("text");
        JsonNode metadata = body.peek("metadata");
        if (metadata != null && metadata.isObject()) {
            body.take("metadata");
        }
        return new Hints(
                user,
                body.text("service_tier"),
                body.text("prompt_cache_key"),
                text == null ? null : text.text("verbosity"),
                metadata != null && metadata.isObject() && !metadata.isEmpty() ? metadata : null);
    }

    private @Nullable Thinking thinking() {
        Fields reasoning = body.object("reasoning");
        if (reasoning == null) {
            return null;
        }
        reasoning.label("summary", "generate_summary");
        String effort = reasoning.text("effort");
        boolean shown = reasoning.peek("summary") != null || reasoning.peek("generate_summary") != null;
        Boolean show = shown ? Boolean.TRUE : null;
        if (effort == null) {
            return shown ? new Thinking(Thinking.Mode.UNSAID, null, null, show) : null;
        }
        return effort.equals("none")
                ? new Thinking(Thinking.Mode.OFF, null, null, show)
                : new Thinking(Thinking.Mode.ON, effort, null, show);
    }

    private @Nullable OutputFormat output() {
        Fields text = body.object("text");
        Fields format = text == null ? null : text.object("format");
        if (format == null) {
            return null;
        }
        switch (format.kind("type")) {
            case "json_object" -> {
                format.take("type");
                return new OutputFormat.Json();
            }
            case "json_schema" -> {
                format.take("type");
                return schema(format);
            }
            case "text" -> {
                format.take("type");
                return null;
            }
            default -> {
                return null;
            }
        }
    }

    private static OutputFormat schema(Fields format) {
        JsonNode schema = format.take("schema");
        return new OutputFormat.Schema(
                format.text("name"),
                format.text("description"),
                schema == null ? format.node().objectNode() : schema,
                format.flag("strict"));
    }

    private @Nullable ToolChoice toolChoice() {
        JsonNode choice = body.peek("tool_choice");
        if (choice == null) {
            return null;
        }
        if (choice.isString()) {
            return toolChoice(body.need("tool_choice"));
        }
        if (!choice.isObject()) {
            body.refuse("tool_choice", "a string or an object");
        }
        String type = choice.path("type").asString("");
        if (!type.equals("function") && !type.equals("custom")) {
            return null; // a tool that only this dialect has, or several
        }
        body.label("tool_choice");
        String name = choice.path("name").asString("");
        String namespace = choice.path("namespace").asString("");
        return new ToolChoice.Named(namespace.isEmpty() ? name : ToolNames.flat(namespace, name));
    }

    private ToolChoice toolChoice(String word) {
        return switch (word) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            default ->
                throw Refusal.badField(
                        "tool_choice", "'tool_choice' must be \"auto\", \"none\", \"required\" or a tool in an object");
        };
    }
}
