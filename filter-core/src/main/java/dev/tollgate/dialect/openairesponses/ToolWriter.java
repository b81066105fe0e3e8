package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.Tool;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.Schemas;
import dev.tollgate.dialect.WriteTerms;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes the tools of a request. Those that were read from one namespace go back into it. */
final class ToolWriter {
    private static final String NAMESPACE = "namespace";

    private final WriteTerms terms;
    private final ArrayNode tools = JsonNodeFactory.instance.arrayNode();
    private @Nullable ObjectNode header;

    private ToolWriter(WriteTerms terms) {
        this.terms = terms;
    }

    static ArrayNode write(List<Tool> tools, WriteTerms terms) {
        ToolWriter writer = new ToolWriter(terms);
        tools.forEach(writer::write);
        return writer.tools;
    }

    private void write(Tool tool) {
        if (tool instanceof Tool.Function function) {
            write(function);
        } else if (tool instanceof Tool.Foreign foreign) {
            write(foreign);
        } else {
            throw new AssertionError(tool);
        }
    }

    private void write(Tool.Function function) {
        JsonNode whole = function.extras().fields().get(ToolNames.WHOLE);
        if (!function.extras().isFrom(OpenAiResponses.ID) || whole == null) {
            header = null;
            tools.add(function(function));
        } else if (function.extras().fields().get(ToolNames.NAMESPACE) instanceof ObjectNode namespace) {
            namespaced(namespace, whole);
        } else {
            header = null;
            tools.add(whole);
        }
    }

    private void write(Tool.Foreign foreign) {
        if (!foreign.whole().isFrom(OpenAiResponses.ID)) {
            terms.dropped(foreign.whole());
        } else if (foreign.whole().value() instanceof ObjectNode whole
                && whole.path("type").asString("").equals(NAMESPACE)) {
            ObjectNode namespace = whole.deepCopy();
            namespace.remove("tools");
            namespaced(namespace, whole.path("tools").path(0));
        } else {
            header = null;
            tools.add(foreign.whole().value());
        }
    }

    private void namespaced(ObjectNode namespace, JsonNode tool) {
        if (!namespace.equals(header)) {
            header = namespace;
            tools.add(namespace.deepCopy());
        }
        ((ObjectNode) tools.get(tools.size() - 1)).withArray("tools").add(tool);
    }

    private ObjectNode function(Tool.Function function) {
        boolean own = function.extras().isFrom(OpenAiResponses.ID);
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("type", "function");
        node.put("name", function.name());
        if (function.description() != null) {
            node.put("description", function.description());
        }
        node.set("parameters", own ? function.schema() : Schemas.ofObject(function.schema()));
        if (function.strict() != null) {
            node.put("strict", function.strict());
        } else if (!own) {
            // OpenAI is strict here unless it is told not to be; other dialects are not.
            node.put("strict", false);
        }
        if (function.cache() != null) {
            terms.dropped(function.extras(), Asked.CACHE);
        }
        terms.carry(function.extras(), OpenAiResponses.ID, node);
        return node;
    }
}
