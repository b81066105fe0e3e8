package dev.tollgate.dialect;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The schemas of tools' parameters. */
public final class Schemas {
    private Schemas() {}

    /** A schema that says that it is one of an object, as many providers insist. */
    public static JsonNode ofObject(JsonNode schema) {
        if (!(schema instanceof ObjectNode object) || object.has("type")) {
            return schema;
        }
        ObjectNode typed = JsonNodeFactory.instance.objectNode().put("type", "object");
        typed.setAll(object);
        typed.putIfAbsent("properties", typed.objectNode());
        return typed;
    }
}
