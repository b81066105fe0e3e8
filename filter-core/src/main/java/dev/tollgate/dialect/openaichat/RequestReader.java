package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.dialect.CacheHints;
import dev.tollgate.dialect.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a chat completion request. */
final class RequestReader {
    private final Fields body;

    private RequestReader(Fields body) {
        this.body = body;
    }

    static ChatRequest read(ObjectNode body) {
        return new RequestReader(Fields.strict(body, OpenAiChat.ID)).read();
    }

    private ChatRequest read() {
        String model = body.need("model");
        if (body.peek("messages") == null) {
            body.refuse("messages", "given");
        }
        List<Message> messages = messages();
        Fields streamOptions = body.object("stream_options");
        labelDefaults();
        return new ChatRequest(
                model,
                messages,
                tools(),
                toolChoice(),
                body.flag("parallel_tool_calls"),
                sampling(),
                output(),
                thinking(),
                hints(),
                Boolean.TRUE.equals(body.flag("stream")),
                streamOptions != null && Boolean.TRUE.equals(streamOptions.flag("include_usage")),
                body.rest());
    }

    /** What changes nothing said aloud is no loss to a provider that has no word for it. */
    private void labelDefaults() {
        if (isFalse("store")) {
            body.label("store");
        }
        if (isFalse("logprobs")) {
            body.label("logprobs", "top_logprobs");
        }
    }

    private boolean isFalse(String name) {
        JsonNode value = body.peek(name);
        return value != null && value.isBoolean() && !value.booleanValue();
    }

    private Hints hints() {
        JsonNode metadata = body.peek("metadata");
        return new Hints(
                body.text("user"),
                body.text("service_tier"),
                body.text("prompt_cache_key"),
                body.text("verbosity"),
                metadata != null && metadata.isObject() ? body.take("metadata") : null);
    }

    private List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        body.each("messages", message -> messages.add(MessageReader.request(message)));
        return messages;
    }

    private Sampling sampling() {
        Long limit = body.whole("max_completion_tokens");
        return new Sampling(
                limit == null ? body.whole("max_tokens") : limit,
                body.number("temperature"),
                body.number("top_p"),
                body.whole("top_k"),
                body.number("frequency_penalty"),
                body.number("presence_penalty"),
                body.whole("seed"),
                body.whole("n"),
                topLogprobs(),
                stop());
    }

    private List<String> stop() {
        JsonNode stop = body.peek("stop");
        if (stop != null && stop.isString()) {
            body.take("stop");
            return List.of(stop.stringValue());
        }
        return body.texts("stop");
    }

    private @Nullable Long topLogprobs() {
        JsonNode asked = body.peek("logprobs");
        if (asked == null || !asked.isBoolean() || !asked.booleanValue()) {
            return null;
        }
        body.take("logprobs");
        JsonNode top = body.peek("top_logprobs");
        if (top != null && top.isIntegralNumber() && top.longValue() == 0) {
            body.label("top_logprobs");
            return 0L;
        }
        Long most = body.whole("top_logprobs");
        return most == null ? Long.valueOf(0) : most;
    }

    private @Nullable Thinking thinking() {
        return ThinkingFields.read(body);
    }

    private @Nullable OutputFormat output() {
        Fields format = body.object("response_format");
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
                return schema(format.needObject("json_schema"));
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

    private List<Tool> tools() {
        List<Tool> tools = new ArrayList<>();
        body.each("tools", tool -> tools.add(tool(tool)));
        return tools;
    }

    private static Tool tool(Fields tool) {
        String type = tool.text("type");
        if (type != null && !type.equals("function")) {
            return new Tool.Foreign(type, new Opaque(OpenAiChat.ID, tool.path(type), tool.node()));
        }
        Fields function = tool.needObject("function");
        JsonNode schema = function.take("parameters");
        if (schema != null && !schema.isObject()) {
            function.refuse("parameters", "a JSON schema");
        }
        return new Tool.Function(
                function.need("name"),
                function.text("description"),
                schema == null ? function.node().objectNode() : schema,
                function.flag("strict"),
                CacheHints.read(tool),
                tool.rest());
    }

    private @Nullable ToolChoice toolChoice() {
        JsonNode choice = body.peek("tool_choice");
        if (choice == null) {
            return null;
        }
        if (choice.isString()) {
            return toolChoice(body.need("tool_choice"));
        }
        if (choice.path("type").asString("").equals("function")) {
            Fields named = body.needObject("tool_choice");
            named.take("type");
            return new ToolChoice.Named(named.needObject("function").need("name"));
        }
        if (!choice.isObject()) {
            body.refuse("tool_choice", "a string or an object");
        }
        return null;
    }

    private @Nullable ToolChoice toolChoice(String word) {
        switch (word) {
            case "auto" -> {
                return new ToolChoice.Auto();
            }
            case "none" -> {
                return new ToolChoice.None();
            }
            case "required", "any" -> {
                return new ToolChoice.Required();
            }
            default -> {
                body.refuse("tool_choice", "\"auto\", \"none\", \"required\" or a tool's name in an object");
                return null;
            }
        }
    }
}
