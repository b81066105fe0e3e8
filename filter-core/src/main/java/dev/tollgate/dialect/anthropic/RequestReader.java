package dev.tollgate.dialect.anthropic;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Part.CacheHint;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Thinking.Mode;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.dialect.CacheHints;
import dev.tollgate.dialect.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a Messages request. */
final class RequestReader {
    private final Fields body;

    private RequestReader(Fields body) {
        this.body = body;
    }

    static ChatRequest read(ObjectNode body) {
        RequestReader reader = new RequestReader(Fields.strict(body, Anthropic.ID));
        reader.require("model");
        reader.require("max_tokens");
        return reader.read();
    }

    /** A request that only asks for its own size, and need not limit the answer. */
    static ChatRequest readUnlimited(ObjectNode body) {
        return new RequestReader(Fields.strict(body, Anthropic.ID)).read();
    }

    private ChatRequest read() {
        String model = body.need("model");
        require("messages");
        Fields choice = body.object("tool_choice");
        Fields metadata = body.object("metadata");
        return new ChatRequest(
                model,
                messages(),
                tools(),
                toolChoice(choice),
                parallelTools(choice),
                sampling(),
                output(),
                thinking(),
                new Hints(
                        metadata == null ? null : metadata.text("user_id"),
                        body.text("service_tier"),
                        null,
                        null,
                        null),
                Boolean.TRUE.equals(body.flag("stream")),
                true,
                body.rest());
    }

    private void require(String name) {
        if (body.peek(name) == null) {
            throw Refusal.badField(name, "'" + name + "' is required");
        }
    }

    private List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        if (body.peek("system") != null) {
            Extras place = new Extras(Anthropic.ID, "system", Map.of());
            messages.add(new Message(Role.SYSTEM, BlockReader.content(body, "system"), place));
        }
        body.each("messages", message -> messages.add(message(message)));
        return messages;
    }

    private static Message message(Fields message) {
        Role role = role(message);
        if (message.peek("content") == null) {
            message.refuse("content", "a string or a list of blocks");
        }
        return new Message(role, BlockReader.content(message, "content"), message.rest());
    }

    private static Role role(Fields message) {
        String role = message.need("role");
        return switch (role) {
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            // Claude Code puts what it learns on the way into system messages between the others.
            case "system" -> Role.SYSTEM;
            default -> {
                message.refuse("role", "user or assistant");
                throw new AssertionError(role);
            }
        };
    }

    private Sampling sampling() {
        return new Sampling(
                body.whole("max_tokens"),
                body.number("temperature"),
                body.number("top_p"),
                body.whole("top_k"),
                null,
                null,
                null,
                null,
                null,
                body.texts("stop_sequences"));
    }

    /** The schema of the answer, where the newer requests have it or where the older ones do. */
    private @Nullable OutputFormat output() {
        Fields config = body.object("output_config");
        Fields format = config == null ? null : config.object("format");
        if (format == null) {
            format = body.object("output_format");
        }
        if (format == null || !format.kind("type").equals("json_schema")) {
            return null;
        }
        format.take("type");
        JsonNode schema = format.take("schema");
        if (schema == null) {
            format.refuse("schema", "a JSON schema");
        }
        return schema == null ? null : new OutputFormat.Schema(null, null, schema, null);
    }

    private @Nullable Thinking thinking() {
        Fields config = body.object("output_config");
        String effort = config == null ? null : config.text("effort");
        Fields thinking = body.object("thinking");
        Mode mode = thinking == null ? Mode.UNSAID : mode(thinking);
        if (mode == Mode.UNSAID && effort == null) {
            return null;
        }
        return new Thinking(
                mode,
                effort,
                mode == Mode.ON && thinking != null ? thinking.whole("budget_tokens") : null,
                thinking == null ? null : shown(thinking));
    }

    private static @Nullable Boolean shown(Fields thinking) {
        thinking.label("display");
        return switch (thinking.node().path("display").asString("")) {
            case "omitted" -> false;
            case "summarized" -> true;
            default -> null;
        };
    }

    private static Mode mode(Fields thinking) {
        Mode mode = switch (thinking.kind("type")) {
            case "enabled" -> Mode.ON;
            case "disabled" -> Mode.OFF;
            case "adaptive" -> Mode.ADAPTIVE;
            default -> Mode.UNSAID;
        };
        if (mode != Mode.UNSAID) {
            thinking.take("type");
        }
        return mode;
    }

    private List<Tool> tools() {
        List<Tool> tools = new ArrayList<>();
        body.each("tools", tool -> tools.add(tool(tool)));
        return tools;
    }

    private static Tool tool(Fields tool) {
        String type = tool.text("type");
        if (type != null && !type.equals("custom")) {
            return new Tool.Foreign(type, new Opaque(Anthropic.ID, tool.path(type), tool.node()));
        }
        JsonNode schema = tool.take("input_schema");
        if (schema == null || !schema.isObject()) {
            tool.refuse("input_schema", "a JSON schema");
        }
        String name = tool.need("name");
        String description = tool.text("description");
        Boolean strict = tool.flag("strict");
        CacheHint cache = CacheHints.read(tool);
        return new Tool.Function(
                name, description, schema == null ? tool.node().objectNode() : schema, strict, cache, tool.rest());
    }

    private static @Nullable ToolChoice toolChoice(@Nullable Fields choice) {
        if (choice == null) {
            return null;
        }
        ToolChoice read = switch (choice.kind("type")) {
            case "auto" -> new ToolChoice.Auto();
            case "any" -> new ToolChoice.Required();
            case "none" -> new ToolChoice.None();
            case "tool" -> new ToolChoice.Named(choice.need("name"));
            default -> null;
        };
        if (read == null) {
            choice.refuse("type", "auto, any, none or tool");
        }
        choice.take("type");
        return read;
    }

    private static @Nullable Boolean parallelTools(@Nullable Fields choice) {
        Boolean disabled = choice == null ? null : choice.flag("disable_parallel_tool_use");
        return disabled == null ? null : !disabled;
    }
}
