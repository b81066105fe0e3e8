package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.DataUrl;
import dev.tollgate.dialect.Fields;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the messages of requests, and the one of an answer. */
final class MessageReader {
    /** The names under which providers show reasoning as text, the one to prefer first. */
    static final List<String> REASONING = List.of("reasoning_content", "reasoning");

    /** Where OpenRouter puts images that a model made. */
    static final String IMAGES = "images";

    static final String REASONING_DETAILS = Carriers.DETAILS;

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
        parts.addAll(reasoning(message));
        parts.addAll(cited(parts(message), message));
        parts.addAll(images(message));
        String refusal = message.text("refusal");
        if (refusal != null && !refusal.isEmpty()) {
            parts.add(new Part.Declined(refusal, extras(message, "refusal")));
        }
        parts.addAll(toolCalls(message));
        return parts;
    }

    /** The same parts, the first text with the sources that the message names. */
    private static List<Part> cited(List<Part> parts, Fields message) {
        JsonNode annotations = message.peek(Annotations.MEMBER);
        if (annotations == null || !annotations.isArray() || annotations.isEmpty()) {
            return parts;
        }
        List<Part> cited = new ArrayList<>(parts);
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Part.Text text) {
                message.take(Annotations.MEMBER);
                List<Citation> citations = Annotations.read(annotations, message.path(Annotations.MEMBER));
                cited.set(i, new Part.Text(text.text(), citations, text.cache(), text.extras()));
                break;
            }
        }
        return cited;
    }

    /** Images that the model made, as OpenRouter gives them. */
    private static List<Part> images(Fields message) {
        JsonNode images = message.peek(IMAGES);
        List<Part> parts = new ArrayList<>();
        if (images == null || !images.isArray()) {
            return parts;
        }
        for (JsonNode image : images) {
            Part.Media media = image(image, message.path(IMAGES));
            if (media == null) {
                return List.of();
            }
            parts.add(media);
        }
        message.take(IMAGES);
        return parts;
    }

    /** An image that the model made; null where that is something else. */
    static Part.@Nullable Media image(JsonNode image, String at) {
        String url = image.path("image_url").path("url").asString("");
        if (url.isEmpty()) {
            return null;
        }
        Part.Source inline = DataUrl.read(url);
        Map<String, JsonNode> left = new LinkedHashMap<>();
        image.properties().forEach(member -> {
            if (!member.getKey().equals("image_url")) {
                left.put(Extras.LABEL + member.getKey(), member.getValue());
            }
        });
        return new Part.Media(
                Part.MediaKind.IMAGE,
                inline == null ? new Part.Source.Url(url) : inline,
                null,
                null,
                new Extras(OpenAiChat.ID, at, left));
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
        message.each("content", part -> parts.add(PartReader.read(part)));
        return parts;
    }

    /** Reasoning under whichever name it came, with what its maker wants back of it. */
    private static List<Part> reasoning(Fields message) {
        JsonNode details = message.peek(REASONING_DETAILS);
        String name = REASONING.stream()
                .filter(each -> isText(message.peek(each)))
                .findFirst()
                .orElse(REASONING_DETAILS);
        String plain = name.equals(REASONING_DETAILS) ? detailed(details) : message.need(name);
        if (details != null && Carriers.areSealed(details)) {
            message.take(REASONING_DETAILS);
            return Carriers.opened(
                    details, name.equals(REASONING_DETAILS) ? "" : plain, message.path(REASONING_DETAILS));
        }
        Opaque proof = null;
        if (details != null && Carriers.prove(details)) {
            message.take(REASONING_DETAILS);
            proof = new Opaque(OpenAiChat.ID, message.path(REASONING_DETAILS), details);
        }
        return plain.isEmpty() && proof == null
                ? List.of()
                : List.of(new Part.Reasoning(plain, proof, extras(message, name)));
    }

    private static boolean isText(@Nullable JsonNode value) {
        return value != null && value.isString() && !value.stringValue().isEmpty();
    }

    private static String detailed(@Nullable JsonNode details) {
        StringBuilder text = new StringBuilder();
        if (details != null && details.isArray()) {
            details.forEach(detail -> text.append(Carriers.text(detail)));
        }
        return text.toString();
    }

    private static List<Part> toolCalls(Fields message) {
        List<Part> calls = new ArrayList<>();
        message.each("tool_calls", call -> calls.add(toolCall(call)));
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
        Opaque proof = Carriers.ofCall(call);
        return new Part.ToolCall(id, name, arguments == null ? "" : arguments, proof, null, call.rest());
    }

    private static Extras extras(Fields message, String member) {
        return new Extras(OpenAiChat.ID, message.path(member), Map.of());
    }
}
