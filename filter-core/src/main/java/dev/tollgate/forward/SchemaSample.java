package dev.tollgate.forward;

import java.util.Iterator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The smallest value that a JSON Schema allows, the same one every time: required members only, the first of every choice.
 * What only a search could satisfy ({@code pattern}, {@code not}) is not looked at.
 */
final class SchemaSample {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NODES = 2_000;
    private static final int MAX_LENGTH = 1_000;

    private final JsonNode root;
    private int nodes;

    private SchemaSample(JsonNode root) {
        this.root = root;
    }

    /** A value that fits the schema. */
    static JsonNode of(JsonNode schema) {
        return new SchemaSample(schema).sample(schema, 0);
    }

    private JsonNode sample(JsonNode schema, int depth) {
        // References may circle or fan out without end; a schema that needs so much gets a null there.
        if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
            return NODES.nullNode();
        }
        if (schema.has("$ref")) {
            return sample(resolve(schema.path("$ref")), depth + 1);
        }
        if (schema.has("const")) {
            return schema.path("const");
        }
        for (String known : List.of("enum", "examples")) {
            if (schema.path(known).isArray() && !schema.path(known).isEmpty()) {
                return schema.path(known).get(0);
            }
        }
        for (String choice : List.of("anyOf", "oneOf")) {
            if (schema.path(choice).isArray() && !schema.path(choice).isEmpty()) {
                return sample(schema.path(choice).get(0), depth + 1);
            }
        }
        return schema.path("allOf").isArray() ? merged(schema, depth) : typed(schema, depth);
    }

    private JsonNode resolve(JsonNode reference) {
        String text = reference.isString() ? reference.stringValue() : "";
        return text.startsWith("#/") ? root.at(text.substring(1)) : text.equals("#") ? root : NODES.missingNode();
    }

    private JsonNode merged(JsonNode schema, int depth) {
        JsonNode first = NODES.missingNode();
        ObjectNode all = schema.has("properties") ? object(schema, depth) : NODES.objectNode();
        for (JsonNode part : schema.path("allOf")) {
            JsonNode sample = sample(part, depth + 1);
            first = first.isMissingNode() ? sample : first;
            if (sample instanceof ObjectNode object) {
                all.setAll(object);
            }
        }
        return first.isObject() || first.isMissingNode() ? all : first;
    }

    private JsonNode typed(JsonNode schema, int depth) {
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, depth);
            case "integer", "number" -> number(schema);
            case "boolean" -> NODES.booleanNode(false);
            case "null" -> NODES.nullNode();
            default -> NODES.stringNode(text(schema));
        };
    }

    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        JsonNode first = type.isArray() ? type.path(0) : type;
        if (first.isString()) {
            return first.stringValue();
        }
        if (schema.has("properties") || schema.has("required")) {
            return "object";
        }
        return schema.has("items") || schema.has("prefixItems") ? "array" : "string";
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = NODES.objectNode();
        for (JsonNode name : schema.path("required")) {
            if (name.isString()) {
                object.set(name.stringValue(), sample(schema.path("properties").path(name.stringValue()), depth + 1));
            }
        }
        return object;
    }

    private ArrayNode array(JsonNode schema, int depth) {
        ArrayNode array = NODES.arrayNode();
        long least = Math.min(schema.path("minItems").asLong(0), MAX_LENGTH);
        Iterator<JsonNode> prefix = schema.path("prefixItems").iterator();
        while (array.size() < least && nodes < MAX_NODES) {
            array.add(sample(prefix.hasNext() ? prefix.next() : schema.path("items"), depth + 1));
        }
        return array;
    }

    private static JsonNode number(JsonNode schema) {
        long value = 0;
        if (schema.path("minimum").isNumber()) {
            value = Math.max(value, (long) Math.ceil(schema.path("minimum").doubleValue()));
        }
        if (schema.path("exclusiveMinimum").isNumber()) {
            value = Math.max(
                    value, (long) Math.floor(schema.path("exclusiveMinimum").doubleValue()) + 1);
        }
        if (schema.path("maximum").isNumber()) {
            value = Math.min(value, (long) Math.floor(schema.path("maximum").doubleValue()));
        }
        if (schema.path("exclusiveMaximum").isNumber()) {
            value = Math.min(
                    value, (long) Math.ceil(schema.path("exclusiveMaximum").doubleValue()) - 1);
        }
        long multiple = schema.path("multipleOf").isIntegralNumber()
                ? schema.path("multipleOf").asLong(1)
                : 1;
        return NODES.numberNode(multiple > 1 ? -Math.floorDiv(-value, multiple) * multiple : value);
    }

    private static String text(JsonNode schema) {
        String text = sampleOf(
                schema.path("format").isString() ? schema.path("format").stringValue() : "");
        int least = (int) Math.min(schema.path("minLength").asLong(0), MAX_LENGTH);
        int most = (int) Math.min(schema.path("maxLength").asLong(text.length()), text.length());
        return text.length() < least ? text + "x".repeat(least - text.length()) : text.substring(0, Math.max(0, most));
    }

    private static String sampleOf(String format) {
        return switch (format) {
            case "date" -> "1970-01-01";
            case "date-time" -> "1970-01-01T00:00:00Z";
            case "time" -> "00:00:00Z";
            case "duration" -> "PT0S";
            case "email" -> "echo@example.com";
            case "hostname" -> "example.com";
            case "ipv4" -> "192.0.2.1";
            case "ipv6" -> "2001:db8::1";
            case "uri" -> "https://example.com/";
            case "uuid" -> "00000000-0000-0000-0000-000000000000";
            default -> "echo";
        };
    }
}
