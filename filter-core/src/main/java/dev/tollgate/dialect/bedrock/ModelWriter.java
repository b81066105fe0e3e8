package dev.tollgate.dialect.bedrock;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes the models a caller may use, as Bedrock's list of foundation models does. */
final class ModelWriter {
    private ModelWriter() {}

    static ObjectNode list(List<String> names) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode summaries = list.putArray("modelSummaries");
        names.forEach(name -> summaries.add(model(name)));
        return list;
    }

    static ObjectNode one(String name) {
        ObjectNode one = JsonNodeFactory.instance.objectNode();
        one.set("modelDetails", model(name));
        return one;
    }

    private static ObjectNode model(String name) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("modelId", name)
                .put("modelName", name)
                .put("responseStreamingSupported", true);
    }
}
