package dev.tollgate.dialect;

import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** What Gemini's dialect says in two ways, brought into one. */
final class GeminiSameness {
    private static final List<String> LISTS = List.of("contents", "parts", "tools", "functionDeclarations");

    private GeminiSameness() {}

    /** Where the other tree lacks something that this one says, or says it otherwise. */
    static List<String> missing(JsonNode one, JsonNode other) {
        List<String> missing = new ArrayList<>();
        missing("", tidy("", one), tidy("", other), missing);
        return missing;
    }

    private static void missing(String path, JsonNode one, JsonNode other, List<String> missing) {
        if (one.isObject() && other.isObject()) {
            one.properties()
                    .forEach(each ->
                            missing(path + '/' + each.getKey(), each.getValue(), other.path(each.getKey()), missing));
        } else if (one.isArray() && other.isArray()) {
            for (int i = 0; i < one.size(); i++) {
                missing(path + '/' + i, one.path(i), other.path(i), missing);
            }
        } else if (!one.toString().equals(other.toString())) {
            missing.add(path + ": " + one + " is not " + other);
        }
    }

    private static JsonNode tidy(String name, JsonNode value) {
        if (value instanceof ArrayNode array) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            array.forEach(each -> list.add(tidy("", each)));
            return list;
        }
        if (!(value instanceof ObjectNode object)) {
            boolean word = value.isInt() && (name.equals("finishReason") || name.equals("mode"));
            return word ? StringNode.valueOf(name.equals("mode") ? "AUTO" : "STOP") : value;
        }
        ObjectNode tidy = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String camel = isFree(name) ? member.getKey() : camel(member.getKey());
            JsonNode inner = tidy(camel, member.getValue());
            boolean one = LISTS.contains(camel) && inner.isObject();
            inner = one ? JsonNodeFactory.instance.arrayNode().add(inner) : inner;
            boolean nothing = inner.isNull()
                    || (inner.isContainer() && inner.isEmpty())
                    || (camel.equals("thought") && !inner.booleanValue())
                    || (camel.endsWith("TokenCount") && inner.isInt() && inner.intValue() == 0);
            if (!nothing) {
                tidy.set(camel, inner);
            }
        }
        if (tidy.has("parts") && !tidy.has("role") && tidy.size() == 1) {
            tidy.put("role", "user");
        }
        return tidy;
    }

    private static boolean isFree(String name) {
        return List.of("args", "response", "parameters", "parametersJsonSchema", "properties")
                .contains(name);
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        for (String word : name.split("_")) {
            camel.append(camel.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return camel.toString();
    }

    /** The chunks of a stream as one answer: texts of a kind that follow each other joined, of all else the last word. */
    static ObjectNode together(List<Frame> frames) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        ObjectNode candidate = JsonNodeFactory.instance.objectNode();
        ObjectNode usage = JsonNodeFactory.instance.objectNode();
        for (Frame frame : frames) {
            ObjectNode chunk = (ObjectNode) Json.read(frame.data());
            for (JsonNode part : chunk.at("/candidates/0/content/parts")) {
                join(part, parts);
            }
            if (chunk.at("/candidates/0") instanceof ObjectNode one) {
                candidate.setAll(one);
            }
            if (chunk.path("usageMetadata") instanceof ObjectNode counts) {
                usage.setAll(counts);
            }
            all.setAll(chunk);
        }
        candidate.remove("content");
        // A lone candidate may leave its number out.
        candidate.put("index", 0);
        all.remove("candidates");
        all.set("candidate", candidate);
        all.set("parts", parts);
        all.set("usageMetadata", usage);
        return all;
    }

    private static void join(JsonNode part, ArrayNode parts) {
        boolean text = part.has("text");
        JsonNode last = parts.path(parts.size() - 1);
        boolean joins = text && last.has("text") && last.has("thought") == part.has("thought");
        if (joins && last instanceof ObjectNode before && !before.has("thoughtSignature")) {
            String joined =
                    before.path("text").stringValue() + part.path("text").stringValue();
            before.setAll((ObjectNode) part);
            before.put("text", joined);
        } else if (!text || part.size() > 1 || !part.path("text").stringValue().isEmpty()) {
            parts.add(part.deepCopy());
        }
    }
}
