package dev.tollgate.dialect.gemini;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.dialect.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request. */
final class RequestReader {
    private static final List<String> MODES = List.of("MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED");

    private final Fields body;
    private final PartReader parts = new PartReader(new CallIds());

    private RequestReader(Fields body) {
        this.body = body;
    }

    static ChatRequest read(ObjectNode body) {
        return new RequestReader(Fields.strict(ProtoJson.tidy(body), Gemini.ID)).read();
    }

    private ChatRequest read() {
        if (body.peek("contents") == null) {
            throw Refusal.badField("contents", "'contents' is required");
        }
        // SDKs repeat here what the path says.
        body.label("model");
        GenerationConfig config = new GenerationConfig(body.object("generationConfig"));
        return new ChatRequest(
                "",
                messages(),
                tools(),
                toolChoice(),
                null,
                config.sampling(),
                config.output(),
                config.thinking(),
                new Hints(null, body.text("serviceTier"), null, null, null),
                false,
                true,
                body.rest());
    }

    private List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        Fields system = body.object("systemInstruction");
        if (system != null) {
            system.label("role");
            messages.add(new Message(Role.SYSTEM, parts.parts(system), system.rest()));
        }
        body.each(
                "contents",
                content -> Pieces.add(new Message(role(content), parts.parts(content), content.rest()), messages));
        return messages;
    }

    private static Role role(Fields content) {
        String role = content.text("role");
        switch (role == null ? "user" : role) {
            case "user", "" -> {
                return Role.USER;
            }
            case "model" -> {
                return Role.ASSISTANT;
            }
            case "function" -> {
                return Role.TOOL;
            }
            default -> {
                content.refuse("role", "user or model");
                throw new AssertionError(role);
            }
        }
    }

    private List<Tool> tools() {
        List<Tool> tools = new ArrayList<>();
        body.each("tools", entry -> {
            functions(entry, tools);
            others(entry, tools);
        });
        return tools;
    }

    private static void functions(Fields entry, List<Tool> tools) {
        entry.each("functionDeclarations", function -> tools.add(function(function)));
    }

    private static Tool function(Fields function) {
        JsonNode schema = schema(function, "parametersJsonSchema", "parameters");
        return new Tool.Function(
                function.need("name"),
                function.text("description"),
                schema == null ? function.node().objectNode() : schema,
                null,
                null,
                function.rest());
    }

    /**
     * A schema as JSON Schema; null for none. What was given in Google's own form is left over besides, for Google.
     *
     * @param plain the member for JSON Schema
     * @param openApi the member for the other form
     */
    static @Nullable JsonNode schema(Fields holder, String plain, String openApi) {
        String name = holder.peek(plain) == null ? openApi : plain;
        JsonNode schema = holder.peek(name);
        if (schema == null) {
            return null;
        }
        if (!schema.isObject()) {
            holder.refuse(name, "a schema");
        }
        if (name.equals(plain)) {
            return holder.take(plain);
        }
        holder.label(openApi);
        return schema instanceof ObjectNode object ? Schemas.jsonSchema(object) : null;
    }

    /** The tools of an entry that only this dialect knows, each in an entry of its own. */
    private static void others(Fields entry, List<Tool> tools) {
        for (Map.Entry<String, JsonNode> member : entry.node().properties()) {
            String name = member.getKey();
            if (!name.equals("functionDeclarations") && !member.getValue().isNull()) {
                ObjectNode whole = entry.node().objectNode();
                whole.set(name, member.getValue());
                tools.add(new Tool.Foreign(name, new Opaque(Gemini.ID, entry.path(name), whole)));
            }
        }
    }

    private @Nullable ToolChoice toolChoice() {
        Fields config = body.object("toolConfig");
        Fields calling = config == null ? null : config.object("functionCallingConfig");
        JsonNode mode = calling == null ? null : calling.peek("mode");
        if (calling == null || mode == null) {
            return null;
        }
        ToolChoice choice = toolChoice(ProtoJson.word(mode, MODES).asString(""), calling);
        if (choice != null) {
            calling.take("mode");
        }
        return choice;
    }

    /** What a mode says; null for one that only this dialect has, which is left over. */
    private static @Nullable ToolChoice toolChoice(String mode, Fields calling) {
        switch (mode) {
            case "AUTO" -> {
                return new ToolChoice.Auto();
            }
            case "NONE" -> {
                return new ToolChoice.None();
            }
            case "ANY" -> {
                JsonNode allowed = calling.peek("allowedFunctionNames");
                if (allowed == null || allowed.size() != 1) {
                    return new ToolChoice.Required();
                }
                return new ToolChoice.Named(
                        calling.texts("allowedFunctionNames").get(0));
            }
            case "VALIDATED", "MODE_UNSPECIFIED" -> {
                return null;
            }
            default -> {
                calling.refuse("mode", "AUTO, ANY, NONE or VALIDATED");
                return null;
            }
        }
    }
}
