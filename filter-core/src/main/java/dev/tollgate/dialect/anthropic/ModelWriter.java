package dev.tollgate.dialect.anthropic;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes the models a caller may use, as Anthropic's {@code /v1/models} does, all on one page. */
final class ModelWriter {
    /** A model of the gateway has no birthday; Anthropic gives this one to those whose it does not know. */
    private static final String CREATED = "1970-01-01T00:00:00Z";

    private ModelWriter() {}

    static ObjectNode list(List<String> names) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode data = list.putArray("data");
        names.forEach(name -> data.add(one(name)));
        list.put("has_more", false);
        list.put("first_id", names.isEmpty() ? null : names.get(0));
        list.put("last_id", names.isEmpty() ? null : names.get(names.size() - 1));
        return list;
    }

    static ObjectNode one(String name) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "model")
                .put("id", name)
                .put("display_name", name)
                .put("created_at", CREATED);
    }
}
