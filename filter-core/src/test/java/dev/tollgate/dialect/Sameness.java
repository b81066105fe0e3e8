package dev.tollgate.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What says the same in two ways, brought into one: the differences that a dialect may make when it writes what it read. */
final class Sameness {
    private static final Set<String> TEXTS = Set.of("text", "input_text", "output_text");

    private Sameness() {}

    /** Where two trees differ in what they say. */
    static List<String> differences(JsonNode one, JsonNode other) {
        List<String> differences = new ArrayList<>();
        compare("", tidy(one.deepCopy()), tidy(other.deepCopy()), differences);
        return differences;
    }

    private static void compare(String path, JsonNode one, JsonNode other, List<String> differences) {
        if (one.isContainer() && one.getNodeType() == other.getNodeType()) {
            Set<String> names = new TreeSet<>(one.propertyNames());
            names.addAll(other.propertyNames());
            names.forEach(name -> compare(path + '/' + name, one.path(name), other.path(name), differences));
            for (int i = 0; one.isArray() && i < Math.max(one.size(), other.size()); i++) {
                compare(path + '/' + i, one.path(i), other.path(i), differences);
            }
        } else if (!one.toString().equals(other.toString())) {
            differences.add(path + ": " + one + " is not " + other);
        }
    }

    private static JsonNode tidy(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : List.copyOf(object.properties())) {
                object.set(member.getKey(), tidy(member.getValue()));
            }
            rename(object, "max_completion_tokens", "max_tokens");
            if (object.get("output_format") instanceof ObjectNode format) {
                object.remove("output_format");
                object.withObject("/output_config").set("format", format);
            }
            if (object.path("input").isString() && object.has("model")) {
                JsonNode said = object.get("input");
                object.putArray("input").addObject().put("role", "user").set("content", said);
            }
            if (object.path("created_at").isNumber()) {
                object.put("created_at", object.get("created_at").longValue());
            }
            if (object.has("role") && object.path("type").asString("").equals("message")) {
                object.remove("type");
            }
            if (object.path("format").size() == 1
                    && object.at("/format/type").asString("").equals("text")) {
                object.remove("format");
            }
            text(object, "content");
            text(object, "output");
            text(object, "system");
            if (object.path("stop").isString()) {
                JsonNode word = object.get("stop");
                object.putArray("stop").add(word);
            }
            if (object.path("tool_choice").asString("").equals("any")) {
                object.put("tool_choice", "required");
            }
            if (object.path("function").has("arguments")) {
                object.remove("index");
            }
            if (object.path("function").has("parameters") && !object.has("type")) {
                object.put("type", "function");
            }
            object.properties().removeIf(member -> saysNothing(member.getKey(), member.getValue()));
        } else if (node instanceof ArrayNode array) {
            List<JsonNode> elements = new ArrayList<>(array.elements());
            array.removeAll();
            elements.forEach(element -> array.add(tidy(element)));
        }
        return node;
    }

    private static void rename(ObjectNode object, String from, String to) {
        JsonNode value = object.remove(from);
        if (value != null && !value.isNull()) {
            object.set(to, value);
        }
    }

    /** A lone plain text block is a string. */
    private static void text(ObjectNode object, String member) {
        JsonNode only = object.path(member).path(0);
        boolean plain = object.path(member).size() == 1
                && only.size() == 2
                && TEXTS.contains(only.path("type").asString(""));
        if (object.path(member).isArray() && plain) {
            object.set(member, only.path("text"));
        }
    }

    private static boolean saysNothing(String name, JsonNode value) {
        if (value.isNull() || (value.isContainer() && value.isEmpty())) {
            return true;
        }
        boolean off = name.equals("stream") || name.equals("is_error");
        return (off && !value.asBoolean(true))
                || name.equals("include_usage")
                || (name.endsWith("InputTokens") && value.isNumber() && value.intValue() == 0)
                || (name.endsWith("_tokens") && value.isNumber() && value.intValue() == 0);
    }
}
