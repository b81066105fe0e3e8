package dev.tollgate.dialect.cohere;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Thinking.Mode;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.dialect.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a chat request. */
final class RequestReader {
    private final Fields body;

    private RequestReader(Fields body) {
        this.body = body;
    }

    static ChatRequest read(ObjectNode body) {
        return new RequestReader(Fields.strict(body, Cohere.ID)).read();
    }

    private ChatRequest read() {
        String model = body.need("model");
        if (body.peek("messages") == null) {
            body.refuse("messages", "given");
        }
        return new ChatRequest(
                model,
                messages(),
                tools(),
                toolChoice(),
                null,
                sampling(),
                output(),
                thinking(),
                Hints.NONE,
                Boolean.TRUE.equals(body.flag("stream")),
                true,
                body.rest());
    }

    private List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        body.each("messages", message -> messages.add(MessageReader.request(message)));
        return messages;
    }

    private Sampling sampling() {
        Boolean logprobs = body.flag("logprobs");
        return new Sampling(
                body.whole("max_tokens"),
                body.number("temperature"),
                body.number("p"),
                body.whole("k"),
                body.number("frequency_penalty"),
                body.number("presence_penalty"),
                body.whole("seed"),
                null,
                Boolean.TRUE.equals(logprobs) ? 0L : null,
                body.texts("stop_sequences"));
    }

    private @Nullable OutputFormat output() {
        Fields format = body.object("response_format");
        if (format == null || !format.kind("type").equals("json_object")) {
            if (format != null) {
                format.label("type");
            }
            return null;
        }
        format.take("type");
        JsonNode schema = format.peek("json_schema");
        if (!(schema instanceof ObjectNode)) {
            return new OutputFormat.Json();
        }
        format.take("json_schema");
        return new OutputFormat.Schema(null, null, schema, null);
    }

    private @Nullable Thinking thinking() {
        Fields thinking = body.object("thinking");
        if (thinking == null) {
            return null;
        }
        Mode mode = switch (thinking.kind("type")) {
            case "enabled" -> Mode.ON;
            case "disabled" -> Mode.OFF;
            default -> Mode.UNSAID;
        };
        if (mode == Mode.UNSAID) {
            return null;
        }
        thinking.take("type");
        return new Thinking(mode, null, mode == Mode.ON ? thinking.whole("token_budget") : null, null);
    }

    private List<Tool> tools() {
        Boolean strict = body.flag("strict_tools");
        List<Tool> tools = new ArrayList<>();
        body.each("tools", tool -> tools.add(tool(tool, strict)));
        return tools;
    }

    private static Tool tool(Fields tool, @Nullable Boolean strict) {
        String type = tool.text("type");
        if (type != null && !type.equals("function")) {
            return new Tool.Foreign(type, new Opaque(Cohere.ID, tool.path(type), tool.node()));
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
                strict,
                null,
                tool.rest());
    }

    private @Nullable ToolChoice toolChoice() {
        String word = body.text("tool_choice");
        if (word == null) {
            return null;
        }
        switch (word) {
            case "REQUIRED" -> {
                return new ToolChoice.Required();
            }
            case "NONE" -> {
                return new ToolChoice.None();
            }
            default -> {
                body.refuse("tool_choice", "\"REQUIRED\" or \"NONE\"");
                return null;
            }
        }
    }
}
