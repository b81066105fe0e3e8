package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Tool;
import dev.tollgate.dialect.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads the tools of a request. Those of a namespace become tools of their own, and those for plain text functions. */
final class ToolReader {
    private final List<Tool> tools = new ArrayList<>();

    static List<Tool> read(Fields body) {
        ToolReader reader = new ToolReader();
        body.each("tools", tool -> reader.add(tool));
        return reader.tools;
    }

    private void add(Fields tool) {
        String type = tool.kind("type");
        switch (type) {
            case "function" -> tools.add(function(tool, null));
            case "custom" -> tools.add(custom(tool, null));
            case "namespace" -> namespace(tool);
            default -> tools.add(new Tool.Foreign(type, new Opaque(OpenAiResponses.ID, tool.path(type), tool.node())));
        }
    }

    private void namespace(Fields namespace) {
        ObjectNode header = namespace.node().deepCopy();
        header.remove("tools");
        namespace.each("tools", tool -> tools.add(inner(tool, header)));
    }

    private static Tool inner(Fields tool, ObjectNode header) {
        String type = tool.kind("type");
        if (type.equals("function")) {
            return function(tool, header);
        }
        if (type.equals("custom")) {
            return custom(tool, header);
        }
        ObjectNode whole = header.deepCopy();
        whole.putArray("tools").add(tool.node());
        return new Tool.Foreign(type, new Opaque(OpenAiResponses.ID, tool.path(type), whole));
    }

    private static Tool function(Fields tool, @Nullable ObjectNode namespace) {
        tool.take("type");
        JsonNode schema = tool.take("parameters");
        if (schema != null && !schema.isObject()) {
            tool.refuse("parameters", "a JSON schema");
        }
        String name = tool.need("name");
        String description = tool.text("description");
        Boolean strict = tool.flag("strict");
        JsonNode parameters = schema == null ? tool.node().objectNode() : schema;
        return namespace == null
                ? new Tool.Function(name, description, parameters, strict, null, tool.rest())
                : new Tool.Function(
                        flat(namespace, name),
                        together(description, namespace.path("description").asString("")),
                        parameters,
                        strict,
                        null,
                        whole(tool, namespace));
    }

    /** A tool that takes plain text, as the function that stands for it elsewhere. */
    private static Tool custom(Fields tool, @Nullable ObjectNode namespace) {
        tool.take("type");
        String name = tool.need("name");
        String description =
                together(tool.text("description"), grammar(tool.node().path("format")));
        tool.take("format");
        if (namespace != null) {
            description = together(description, namespace.path("description").asString(""));
        }
        return new Tool.Function(
                namespace == null ? name : flat(namespace, name),
                description,
                inputSchema(),
                null,
                null,
                whole(tool, namespace));
    }

    private static String flat(ObjectNode namespace, String name) {
        return ToolNames.flat(namespace.path("name").asString(""), name);
    }

    /** The grammar that the text must follow; other dialects can only tell the model of it. */
    private static String grammar(JsonNode format) {
        JsonNode grammar = format.has("grammar") ? format.path("grammar") : format;
        String definition = grammar.path("definition").asString("");
        return definition.isEmpty()
                ? ""
                : "The input must follow this " + grammar.path("syntax").asString("") + " grammar:\n" + definition;
    }

    private static @Nullable String together(@Nullable String one, String other) {
        if (one == null || one.isEmpty()) {
            return other.isEmpty() ? one : other;
        }
        return other.isEmpty() ? one : one + "\n\n" + other;
    }

    private static ObjectNode inputSchema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        schema.putObject("properties").putObject(ToolNames.INPUT).put("type", "string");
        schema.putArray("required").add(ToolNames.INPUT);
        return schema.put("additionalProperties", false);
    }

    private static Extras whole(Fields tool, @Nullable ObjectNode namespace) {
        Map<String, JsonNode> fields = new LinkedHashMap<>(tool.rest().fields());
        JsonNode format = tool.node().path("format");
        if (format.has("definition") || format.has("grammar")) {
            // Nobody else holds a model to a grammar.
            fields.put("format", format);
        }
        fields.put(ToolNames.WHOLE, tool.node());
        if (namespace != null) {
            fields.put(ToolNames.NAMESPACE, namespace);
        }
        return new Extras(OpenAiResponses.ID, tool.path(), fields);
    }
}
