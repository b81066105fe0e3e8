package dev.tollgate.dialect.cohere;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.MediaKind;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.DataUrl;
import dev.tollgate.dialect.Fields;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Reads the messages of requests, and the one of an answer. */
final class MessageReader {
    /** The member with which the model says what it is about to do with its tools. */
    static final String PLAN = "tool_plan";

    /** What marks a text that was a document's fields. */
    static final String DOCUMENT = Extras.LABEL + "document";

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
                message.refuse("role", "system, user, assistant or tool");
                throw new AssertionError(role);
            }
        }
    }

    /** What an assistant said: thoughts and text, its plan, its calls. */
    static List<Part> spoken(Fields message) {
        List<Part> parts = new ArrayList<>(content(message));
        String plan = message.text(PLAN);
        if (plan != null && !plan.isEmpty()) {
            parts.add(new Part.Reasoning(plan, null, new Extras(Cohere.ID, message.path(PLAN), Map.of())));
        }
        citations(message, parts);
        message.each("tool_calls", call -> parts.add(toolCall(call)));
        return parts;
    }

    private static Part toolCall(Fields call) {
        call.label("type");
        Fields function = call.needObject("function");
        String arguments = function.text("arguments");
        return new Part.ToolCall(
                call.need("id"), function.need("name"), arguments == null ? "" : arguments, null, call.rest());
    }

    private static List<Part> content(Fields message) {
        JsonNode content = message.peek("content");
        if (content == null || content.isString()) {
            String text = message.text("content");
            Extras place = new Extras(Cohere.ID, message.path("content"), Map.of());
            return text == null ? List.of() : List.of(new Part.Text(text, null, place));
        }
        List<Part> parts = new ArrayList<>();
        message.each("content", part -> parts.add(part(part)));
        return parts;
    }

    private static Part part(Fields part) {
        String type = part.kind("type");
        switch (type) {
            case "text" -> {
                part.take("type");
                return new Part.Text(part.need("text"), null, part.rest());
            }
            case "thinking" -> {
                part.take("type");
                return new Part.Reasoning(part.need("thinking"), null, part.rest());
            }
            case "image_url" -> {
                part.take("type");
                String url = part.needObject("image_url").need("url");
                Source inline = DataUrl.read(url);
                Source source = inline == null ? new Source.Url(url) : inline;
                return new Part.Media(MediaKind.IMAGE, source, null, null, part.rest());
            }
            case "document" -> {
                return document(part);
            }
            default -> {
                return new Part.Foreign(
                        type.isEmpty() ? "part" : type, new Opaque(Cohere.ID, part.path(type), part.node()));
            }
        }
    }

    /** What a tool told, as fields for the model to read and to cite; to everybody else it is text. */
    private static Part document(Fields part) {
        Fields document = part.needObject("document");
        part.take("type");
        JsonNode data = document.take("data");
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        fields.put(DOCUMENT, NullNode.instance);
        fields.putAll(part.rest().fields());
        String text = data == null ? "" : data.isString() ? data.stringValue() : Json.text(data);
        return new Part.Text(text, null, new Extras(Cohere.ID, part.path(), fields));
    }

    /** Puts each citation to the text it is for; they stay where they are if one is for a thought or a plan. */
    private static void citations(Fields message, List<Part> parts) {
        JsonNode citations = message.peek("citations");
        if (citations == null || !citations.isArray()) {
            return;
        }
        Map<Integer, List<Citation>> byPart = new LinkedHashMap<>();
        for (JsonNode citation : citations) {
            Integer place = place(citation, parts);
            if (place == null) {
                return;
            }
            List<Citation> all = byPart.computeIfAbsent(place, key -> new ArrayList<>());
            String text = ((Part.Text) parts.get(place)).text();
            all.add(Citations.read(citation, message.path("citations[]"), text));
        }
        message.take("citations");
        byPart.forEach((place, all) -> {
            Part.Text text = (Part.Text) parts.get(place);
            parts.set(place, new Part.Text(text.text(), all, text.cache(), text.extras()));
        });
    }

    /** The place of the text a citation is for; null where it is for none. */
    private static @Nullable Integer place(JsonNode citation, List<Part> parts) {
        if (!Citations.isOfText(citation)) {
            return null;
        }
        int first = 0;
        while (first < parts.size() && !(parts.get(first) instanceof Part.Text)) {
            first++;
        }
        int place = citation.path("content_index").asInt(first);
        boolean isText = place >= 0 && place < parts.size() && parts.get(place) instanceof Part.Text;
        return isText ? Integer.valueOf(place) : null;
    }
}
