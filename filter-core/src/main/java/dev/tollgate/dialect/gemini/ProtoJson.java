package dev.tollgate.dialect.gemini;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The liberties of Google's JSON form of protocol buffers, brought into one form: a member may be called {@code file_data}
 * or {@code fileData}, a list of one may be written without its brackets, and an enum may be its number.
 *
 * @see <a href="https://protobuf.dev/programming-guides/json/">ProtoJSON</a>
 */
final class ProtoJson {
    /** Members whose values are the caller's or the model's own JSON, in which every name counts as it stands. */
    private static final Set<String> FREE = Set.of(
            "args",
            "response",
            "parameters",
            "parametersJsonSchema",
            "responseSchema",
            "responseJsonSchema",
            "labels",
            "customMetadata");

    private static final Set<String> LISTS = Set.of(
            "contents", "parts", "tools", "functionDeclarations", "stopSequences", "safetySettings", "candidates");

    private ProtoJson() {}

    /** The same object with its members' names in camel case and its lists as lists. */
    static ObjectNode tidy(ObjectNode node) {
        ObjectNode tidy = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = camel(member.getKey());
            JsonNode value = FREE.contains(name) ? member.getValue() : tidy(member.getValue());
            boolean one = LISTS.contains(name) && (value.isObject() || value.isString());
            tidy.set(name, one ? JsonNodeFactory.instance.arrayNode().add(value) : value);
        }
        return tidy;
    }

    private static JsonNode tidy(JsonNode value) {
        if (value instanceof ObjectNode object) {
            return tidy(object);
        }
        if (!(value instanceof ArrayNode array)) {
            return value;
        }
        ArrayNode tidy = JsonNodeFactory.instance.arrayNode();
        array.forEach(element -> tidy.add(tidy(element)));
        return tidy;
    }

    private static String camel(String name) {
        if (name.indexOf('_') < 0) {
            return name;
        }
        StringBuilder camel = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            boolean hump = name.charAt(i) == '_' && i > 0 && i + 1 < name.length();
            camel.append(hump ? Character.toUpperCase(name.charAt(++i)) : name.charAt(i));
        }
        return camel.toString();
    }

    /** The word of an enum that was written as its number; anything else as it is. */
    static JsonNode word(JsonNode value, List<String> words) {
        boolean number = value.isInt() && value.intValue() >= 0 && value.intValue() < words.size();
        return number ? StringNode.valueOf(words.get(value.intValue())) : value;
    }
}
