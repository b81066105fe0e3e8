package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.WriteTerms;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes the tools of a request, and which of them is to be called. */
final class ToolWriter {
    /** The entry of the list in which another dialect's functions stand together. */
    private static final String TOGETHER = "";

    private final ChatRequest request;
    private final WriteTerms terms;
    private final boolean own;
    private final Map<String, ObjectNode> entries = new LinkedHashMap<>();

    ToolWriter(ChatRequest request, WriteTerms terms, boolean own) {
        this.request = request;
        this.terms = terms;
        this.own = own;
    }

    void write(ObjectNode body) {
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Function function) {
                entry(function.extras().at()).withArray("functionDeclarations").add(function(function));
            } else if (tool instanceof Tool.Foreign foreign) {
                foreign(foreign);
            }
        }
        if (!entries.isEmpty()) {
            ArrayNode tools = body.putArray("tools");
            entries.values().forEach(tools::add);
        }
        choice(body);
    }

    /** The entry that a tool stood in. */
    private ObjectNode entry(String at) {
        int end = at.indexOf(']');
        String place = own && end >= 0 ? at.substring(0, end) : TOGETHER;
        return entries.computeIfAbsent(place, key -> JsonNodeFactory.instance.objectNode());
    }

    private void foreign(Tool.Foreign tool) {
        if (tool.whole().isFrom(Gemini.ID) && tool.whole().value() instanceof ObjectNode whole) {
            entry(tool.whole().at()).setAll(whole);
        } else {
            terms.dropped(tool.whole());
        }
    }

    private ObjectNode function(Tool.Function function) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("name", function.name());
        if (function.description() != null) {
            node.put("description", function.description());
        }
        boolean given = own && function.extras().fields().containsKey(Extras.LABEL + "parameters");
        if (!function.schema().isEmpty() && !given) {
            node.set("parametersJsonSchema", function.schema());
        }
        if (Boolean.TRUE.equals(function.strict())) {
            terms.dropped(Asked.STRICT_TOOLS);
        }
        if (function.cache() != null) {
            terms.dropped(function.extras(), Asked.CACHE);
        }
        terms.carry(function.extras(), Gemini.ID, node);
        return node;
    }

    private void choice(ObjectNode body) {
        ToolChoice choice = request.toolChoice();
        if (choice == null) {
            return;
        }
        boolean possible =
                choice instanceof ToolChoice.Named named ? named.isAmong(request.tools()) : !entries.isEmpty();
        if (!own && !possible) {
            terms.dropped(Asked.TOOL_CHOICE);
            return;
        }
        ObjectNode calling =
                body.putObject("toolConfig").putObject("functionCallingConfig").put("mode", mode(choice));
        if (choice instanceof ToolChoice.Named named) {
            calling.putArray("allowedFunctionNames").add(named.name());
        }
    }

    private static String mode(ToolChoice choice) {
        if (choice instanceof ToolChoice.Auto) {
            return "AUTO";
        }
        return choice instanceof ToolChoice.None ? "NONE" : "ANY";
    }
}
