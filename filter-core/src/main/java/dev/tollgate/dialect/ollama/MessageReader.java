package dev.tollgate.dialect.ollama;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.ToolIds;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads messages, one after another: results belong to calls by their order where they give no id. */
final class MessageReader {
    private final List<Part.ToolCall> unanswered = new ArrayList<>();
    private int calls;

    Message read(Fields message) {
        String word = message.need("role");
        Role role = switch (word) {
            case "system" -> Role.SYSTEM;
            case "assistant" -> Role.ASSISTANT;
            case "tool" -> Role.TOOL;
            default -> Role.USER;
        };
        if (role == Role.USER && !word.equals("user")) {
            message.refuse("role", "system, user, assistant or tool");
        }
        List<Part> parts = role == Role.TOOL ? List.of(result(message)) : spoken(message);
        return new Message(role, parts, message.rest());
    }

    private List<Part> spoken(Fields message) {
        List<Part> parts = said(message, "request", calls);
        for (Part part : parts) {
            if (part instanceof Part.ToolCall call) {
                unanswered.add(call);
                calls++;
            }
        }
        return parts;
    }

    private Part result(Fields message) {
        String id = message.text("tool_call_id");
        String name = message.text("tool_name");
        if (id == null) {
            id = callOf(name);
        }
        String content = message.text("content");
        return new Part.ToolResult(id, List.of(Part.Text.of(content == null ? "" : content)), false, null, Extras.NONE);
    }

    private String callOf(@Nullable String name) {
        for (Part.ToolCall call : unanswered) {
            if (name == null || call.name().equals(name)) {
                unanswered.remove(call);
                return call.id();
            }
        }
        return name == null ? "" : name;
    }

    /**
     * The parts of a message.
     *
     * @param answer what the ids of calls that have none are made from
     * @param before how many calls came before
     */
    static List<Part> said(Fields message, String answer, int before) {
        List<Part> parts = new ArrayList<>();
        String thinking = message.text("thinking");
        if (thinking != null && !thinking.isEmpty()) {
            parts.add(new Part.Reasoning(thinking, null, Extras.NONE));
        }
        String content = message.text("content");
        if (content != null && !content.isEmpty()) {
            parts.add(Part.Text.of(content));
        }
        for (String image : message.texts("images")) {
            parts.add(new Part.Media(
                    Part.MediaKind.IMAGE, new Part.Source.Inline(type(image), image), null, null, Extras.NONE));
        }
        int place = before;
        for (JsonNode call : message.list("tool_calls")) {
            parts.add(call(call, answer, place++));
        }
        return parts;
    }

    static Part.ToolCall call(JsonNode call, String answer, int place) {
        JsonNode function = call.path("function");
        JsonNode arguments = function.path("arguments");
        String id = call.path("id").asString("");
        return new Part.ToolCall(
                id.isEmpty() ? ToolIds.made(answer, 0, place) : id,
                function.path("name").asString(""),
                arguments instanceof ObjectNode ? Json.text(arguments) : arguments.asString(""),
                null,
                Extras.NONE);
    }

    /** The type of an image, which Ollama does not say, by the first of its bytes in base64. */
    private static String type(String base64) {
        if (base64.startsWith("/9j/")) {
            return "image/jpeg";
        }
        if (base64.startsWith("R0lG")) {
            return "image/gif";
        }
        return base64.startsWith("UklG") ? "image/webp" : "image/png";
    }
}
