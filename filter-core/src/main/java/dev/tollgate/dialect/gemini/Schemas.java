package dev.tollgate.dialect.gemini;

import dev.tollgate.json.Json;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON Schema out of Google's subset of OpenAPI's, whose types are in upper case, whose counts may be strings, and where
 * {@code nullable} stands for a further type.
 *
 * @see <a href="https://ai.google.dev/api/caching#Schema">Schema</a>
 */
final class Schemas {
    private static final Set<String> COUNTS =
            Set.of("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties");

    private Schemas() {}

    static ObjectNode jsonSchema(ObjectNode schema) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            member(name(member.getKey()), member.getValue(), out);
        }
        JsonNode nullable = out.remove("nullable");
        if (nullable != null && nullable.asBoolean(false)) {
            allowNull(out);
        }
        return out;
    }

    private static String name(String name) {
        return switch (name) {
            case "any_of" -> "anyOf";
            case "min_items" -> "minItems";
            case "max_items" -> "maxItems";
            case "min_length" -> "minLength";
            case "max_length" -> "maxLength";
            case "min_properties" -> "minProperties";
            case "max_properties" -> "maxProperties";
            case "property_ordering" -> "propertyOrdering";
            default -> name;
        };
    }

    private static void member(String name, JsonNode value, ObjectNode out) {
        if (value.isNull() && !name.equals("default") && !name.equals("example")) {
            return;
        }
        if (name.equals("type") && value.isString()) {
            String type = value.stringValue().toLowerCase(Locale.ROOT);
            if (!type.equals("type_unspecified")) {
                out.put(name, type);
            }
        } else if ((name.equals("properties") || name.equals("$defs") || name.equals("defs"))
                && value instanceof ObjectNode object) {
            ObjectNode properties = out.putObject(name);
            object.properties().forEach(each -> properties.set(each.getKey(), sub(each.getValue())));
        } else if (name.equals("items") || name.equals("additionalProperties") || name.equals("not")) {
            out.set(name, sub(value));
        } else if (value instanceof ArrayNode array && (name.equals("anyOf") || name.equals("prefixItems"))) {
            ArrayNode list = out.putArray(name);
            array.forEach(each -> list.add(sub(each)));
        } else if (COUNTS.contains(name)
                && value.isString()
                && value.stringValue().matches("0|[1-9]\\d{0,17}")) {
            out.set(name, Json.read(value.stringValue()));
        } else {
            out.set(name, value);
        }
    }

    private static JsonNode sub(JsonNode value) {
        return value instanceof ObjectNode object ? jsonSchema(object) : value;
    }

    private static void allowNull(ObjectNode schema) {
        if (schema.path("type").isString()) {
            String type = schema.path("type").stringValue();
            schema.putArray("type").add(type).add("null");
            if (schema.path("enum") instanceof ArrayNode words) {
                schema.set("enum", words.deepCopy().addNull());
            }
        } else if (schema.path("anyOf") instanceof ArrayNode choices) {
            choices.addObject().put("type", "null");
        }
    }
}
