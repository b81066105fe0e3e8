package dev.tollgate.dialect.ollama;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Tool;
import dev.tollgate.dialect.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request. */
final class RequestReader {
    private final Fields body;

    private RequestReader(Fields body) {
        this.body = body;
    }

    static ChatRequest read(ObjectNode body) {
        return new RequestReader(Fields.strict(body, Ollama.ID)).read();
    }

    private ChatRequest read() {
        String model = body.need("model");
        return new ChatRequest(
                model,
                messages(),
                tools(),
                null,
                null,
                sampling(),
                output(),
                thinking(),
                Hints.NONE,
                !Boolean.FALSE.equals(body.flag("stream")),
                true,
                body.rest());
    }

    private List<Message> messages() {
        MessageReader reader = new MessageReader();
        List<Message> messages = new ArrayList<>();
        body.each("messages", message -> messages.add(reader.read(message)));
        return messages;
    }

    private List<Tool> tools() {
        List<Tool> tools = new ArrayList<>();
        body.each("tools", tool -> tools.add(tool(tool)));
        return tools;
    }

    private static Tool tool(Fields tool) {
        tool.take("type");
        Fields function = tool.needObject("function");
        String name = function.need("name");
        String description = function.text("description");
        JsonNode schema = function.take("parameters");
        return new Tool.Function(
                name, description, schema == null ? tool.node().objectNode() : schema, null, null, tool.rest());
    }

    private Sampling sampling() {
        Fields options = body.object("options");
        if (options == null) {
            return new Sampling(null, null, null, null, null, null, null, null, null, List.of());
        }
        Long limit = options.whole("num_predict");
        return new Sampling(
                limit == null || limit < 0 ? null : limit,
                options.number("temperature"),
                options.number("top_p"),
                options.whole("top_k"),
                options.number("frequency_penalty"),
                options.number("presence_penalty"),
                options.whole("seed"),
                null,
                null,
                stop(options));
    }

    private static List<String> stop(Fields options) {
        JsonNode stop = options.peek("stop");
        if (stop != null && stop.isString()) {
            options.take("stop");
            return List.of(stop.stringValue());
        }
        return options.texts("stop");
    }

    private @Nullable OutputFormat output() {
        JsonNode format = body.peek("format");
        if (format == null || (format.isString() && format.stringValue().isEmpty())) {
            body.take("format");
            return null;
        }
        if (format.isObject()) {
            body.take("format");
            return new OutputFormat.Schema(null, null, format, null);
        }
        if (!"json".equals(body.text("format"))) {
            body.refuse("format", "\"json\" or a JSON schema");
        }
        return new OutputFormat.Json();
    }

    private @Nullable Thinking thinking() {
        JsonNode think = body.take("think");
        if (think == null) {
            return null;
        }
        if (think.isString()) {
            return new Thinking(Thinking.Mode.ON, think.stringValue(), null, null);
        }
        return new Thinking(think.asBoolean(false) ? Thinking.Mode.ON : Thinking.Mode.OFF, null, null, null);
    }
}
