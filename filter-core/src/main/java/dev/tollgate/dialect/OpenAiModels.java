package dev.tollgate.dialect;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes the models a caller may use, as OpenAI's {@code /v1/models} does. */
public final class OpenAiModels {
    /** A model of the gateway has no birthday; SDKs want a number. */
    private static final long CREATED = 0;

    private OpenAiModels() {}

    public static ObjectNode list(List<String> names) {
        ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode data = list.putArray("data");
        names.forEach(name -> data.add(one(name)));
        return list;
    }

    public static ObjectNode one(String name) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", name)
                .put("object", "model")
                .put("created", CREATED)
                .put("owned_by", "tollgate");
    }
}
