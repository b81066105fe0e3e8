package dev.tollgate.dialect.gemini;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes the models a caller may use, as the Gemini API's {@code /v1beta/models} does, all on one page. */
final class ModelWriter {
    private ModelWriter() {}

    static ObjectNode list(List<String> names) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode models = list.putArray("models");
        names.forEach(name -> models.add(one(name)));
        return list;
    }

    static ObjectNode one(String name) {
        ObjectNode model = JsonNodeFactory.instance
                .objectNode()
                .put("name", "models/" + name)
                .put("displayName", name);
        model.putArray("supportedGenerationMethods")
                .add("generateContent")
                .add("streamGenerateContent")
                .add("countTokens");
        return model;
    }
}
