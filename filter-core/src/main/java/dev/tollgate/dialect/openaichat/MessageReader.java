package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.Fields;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the messages of requests, and the one of an answer. */
final class MessageReader {
    /** The names under which providers show reasoning as text, the one to prefer first. */
    static final List<String> REASONING = List.of("reasoning_content", "reasoning");

    static final String REASONING_DETAILS = "reasoning_details";

    private MessageReader() {}

    static Message request(Fields message) {
        String role = message.need("role");
        switch (role) {
            case "system" -> {
                return new Message(Role.SYSTEM, content(message), message.rest());
            }
            case "developer" -> {
                return new Message(Role.DEVELOPER, content(message), message.rest());
            }
            case "user" -> {
                return new Message(Role.USER, content(message), message.rest());
            }
            case "assistant" -> {
                return new Message(Role.ASSISTANT, spoken(message), message.rest());
            }
            case "tool" -> {
                String id = message.need("tool_call_id");
                Part result = new Part.ToolResult(id, content(message), false, null, Extras.NONE);
                return new Message(Role.TOOL, List.of(result), message.rest());
            }
            default -> {
                message.refuse("role", "system, developer, user, assistant or tool");
                throw new AssertionError(role);
            }
        }
    }

    private static List<Part> content(Fields message) {
        if (message.peek("content") == null) {
            message.refuse("content", "a string or a list of parts");
        }
        return parts(message);
    }

    /** What an assistant said, in the order a model produces it: reasoning, text, refusal, calls. */
    static List<Part> spoken(Fields message) {
        List<Part> parts = new ArrayList<>();
        Part reasoning = reasoning(message);
        if (reasoning != null) {
            parts.add(reasoning);
        }
        parts.addAll(parts(message));
        String refusal = message.text("refusal");
        if (refusal != null && !refusal.isEmpty()) {
            parts.add(new Part.Declined(refusal, extras(message, "refusal")));
        }
        parts.addAll(toolCalls(message));
        return parts;
    }

    private static List<Part> parts(Fields message) {
        JsonNode content = message.peek("content");
        if (content == null) {
            message.take("content");
            return List.of();
        }
        if (content.isString()) {
            return List.of(new Part.Text(message.need("content"), null, extras(message, "content")));
        }
        if (!content.isArray()) {
            message.refuse("content", "a string or a list of parts");
            message.take("content");
            // Where a schema was asked for, one provider answers with the object itself.
            return List.of(new Part.Text(Json.text(content), null, extras(message, "content")));
        }
        List<Part> parts = new ArrayList<>();
        int index = 0;
        for (JsonNode element : message.list("content")) {
            Fields part = message.element(element, "content", index++);
            if (part != null) {
                parts.add(PartReader.read(part));
            }
        }
        return parts;
    }

    /** Reasoning under whichever name it came; the structured form beside it is left over for its own dialect. */
    private static @Nullable Part reasoning(Fields message) {
        for (String name : REASONING) {
            JsonNode text = message.peek(name);
            if (text != null && text.isString() && !text.stringValue().isEmpty()) {
                message.take(name);
                return new Part.Reasoning(text.stringValue(), null, extras(message, name));
            }
        }
        String text = detailed(message.peek(REASONING_DETAILS));
        return text.isEmpty() ? null : new Part.Reasoning(text, null, extras(message, REASONING_DETAILS));
    }

    private static String detailed(@Nullable JsonNode details) {
        StringBuilder text = new StringBuilder();
        if (details != null && details.isArray()) {
            for (JsonNode detail : details) {
                text.append(detail.path("text").asString(""))
                        .append(detail.path("summary").asString(""));
            }
        }
        return text.toString();
    }

    private static List<Part> toolCalls(Fields message) {
        List<Part> calls = new ArrayList<>();
        int index = 0;
        for (JsonNode element : message.list("tool_calls")) {
            Fields call = message.element(element, "tool_calls", index++);
            if (call != null) {
                calls.add(toolCall(call));
            }
        }
        return calls;
    }

    private static Part toolCall(Fields call) {
        JsonNode type = call.peek("type");
        if (type != null && type.isString() && !type.stringValue().equals("function")) {
            return new Part.Foreign(type.stringValue(), new Opaque(OpenAiChat.ID, call.path(), call.node()));
        }
        call.take("type");
        call.take("index");
        Fields function = call.needObject("function");
        String id = call.need("id");
        String name = function.need("name");
        String arguments = function.text("arguments");
        return new Part.ToolCall(id, name, arguments == null ? "" : arguments, null, call.rest());
    }

    private static Extras extras(Fields message, String member) {
        return new Extras(OpenAiChat.ID, message.path(member), Map.of());
    }
}
