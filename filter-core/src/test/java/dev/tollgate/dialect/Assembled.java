package dev.tollgate.dialect;

import dev.tollgate.json.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The message that a client puts together from a stream and sends back in the next turn, put together the way SDKs do. */
final class Assembled {
    private Assembled() {}

    static String message(String dialect, List<Frame> frames) {
        return dialect.equals("anthropic") ? blocks(frames) : deltas(frames);
    }

    private static String blocks(List<Frame> frames) {
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", "assistant");
        ArrayNode content = message.putArray("content");
        for (Frame frame : frames) {
            JsonNode event = Json.read(frame.data());
            if (event.has("content_block")) {
                content.add(event.path("content_block").deepCopy());
            } else if (event.path("type").asString("").equals("content_block_delta")) {
                ObjectNode block = (ObjectNode) content.get(event.path("index").intValue());
                event.path("delta").properties().forEach(member -> {
                    switch (member.getKey()) {
                        case "partial_json" -> append(block, "json", member.getValue());
                        case "text", "thinking", "signature" -> append(block, member.getKey(), member.getValue());
                        case "citation" -> block.withArray("citations").add(member.getValue());
                        default -> {}
                    }
                });
            }
        }
        content.forEach(block -> {
            JsonNode json = ((ObjectNode) block).remove("json");
            if (json != null) {
                ((ObjectNode) block).set("input", Json.read(json.stringValue()));
            }
        });
        return message.toString();
    }

    private static void append(ObjectNode into, String member, JsonNode text) {
        into.put(member, into.path(member).asString("") + text.asString(""));
    }

    private static String deltas(List<Frame> frames) {
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", "assistant");
        for (Frame frame : frames) {
            if (frame.data().startsWith("{")) {
                delta(Json.read(frame.data()).at("/choices/0/delta"), message);
            }
        }
        return message.toString();
    }

    private static void delta(JsonNode delta, ObjectNode message) {
        delta.properties().forEach(member -> {
            switch (member.getKey()) {
                case "content", "reasoning_content", "refusal" -> append(message, member.getKey(), member.getValue());
                case "tool_calls" -> member.getValue().forEach(call -> call(call, message.withArray("tool_calls")));
                case "role" -> {}
                default -> {
                    if (member.getValue().isArray()) {
                        message.withArray(member.getKey()).addAll((ArrayNode) member.getValue());
                    } else {
                        message.set(member.getKey(), member.getValue());
                    }
                }
            }
        });
    }

    private static void call(JsonNode piece, ArrayNode calls) {
        int index = piece.path("index").intValue();
        while (calls.size() <= index) {
            calls.addObject();
        }
        ObjectNode call = (ObjectNode) calls.get(index);
        piece.properties().forEach(member -> {
            if (member.getKey().equals("function")) {
                ObjectNode function = call.withObject("/function");
                member.getValue().properties().forEach(part -> append(function, part.getKey(), part.getValue()));
            } else if (!member.getKey().equals("index")) {
                call.set(member.getKey(), member.getValue());
            }
        });
    }
}
