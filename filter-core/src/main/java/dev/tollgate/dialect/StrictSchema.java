package dev.tollgate.dialect;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The schemas that OpenAI can hold a model to: every object in them requires all its properties and allows no others. */
public final class StrictSchema {
    private StrictSchema() {}

    public static boolean is(JsonNode schema) {
        if (schema instanceof ObjectNode object && !isClosed(object)) {
            return false;
        }
        for (JsonNode part : schema) {
            if (part.isContainer() && !is(part)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isClosed(ObjectNode schema) {
        if (!schema.path("type").asString("").equals("object")
                && !schema.path("properties").isObject()) {
            return true;
        }
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asString("")));
        JsonNode others = schema.path("additionalProperties");
        return others.isBoolean()
                && !others.booleanValue()
                && required.containsAll(schema.path("properties").propertyNames());
    }
}
