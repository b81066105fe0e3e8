package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.Schemas;
import dev.tollgate.dialect.WriteTerms;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes {@code toolConfig}. Bedrock has no word for "call none", which is said by naming no tools; but it insists on tools
 * where the conversation holds calls.
 */
final class ToolWriter {
    private final ChatRequest request;
    private final WriteTerms terms;
    private final boolean own;
    private final ModelFamily family;
    private final ContentWriter content;
    private final ArrayNode tools = JsonNodeFactory.instance.arrayNode();

    ToolWriter(ChatRequest request, WriteTerms terms, boolean own, ModelFamily family, ContentWriter content) {
        this.request = request;
        this.terms = terms;
        this.own = own;
        this.family = family;
        this.content = content;
    }

    void write(ObjectNode body) {
        Set<String> called = called();
        boolean none = !own && request.toolChoice() instanceof ToolChoice.None;
        if (none && called.isEmpty()) {
            return;
        }
        request.tools().forEach(this::add);
        if (!own && tools.isEmpty()) {
            called.forEach(this::remembered);
        }
        if (none && !request.tools().isEmpty()) {
            terms.dropped(Asked.TOOL_CHOICE);
        }
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        if (!tools.isEmpty()) {
            config.set("tools", tools);
        }
        choice(config);
        if (!config.isEmpty()) {
            body.set("toolConfig", config);
        }
        if (Boolean.FALSE.equals(request.parallelTools())) {
            terms.dropped(Asked.PARALLEL_TOOLS);
        }
    }

    /** The names of the tools that the conversation holds calls or results of. */
    private Set<String> called() {
        Set<String> names = new TreeSet<>();
        boolean told = false;
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                told |= part instanceof Part.ToolResult;
                if (part instanceof Part.ToolCall call) {
                    names.add(call.name());
                }
            }
        }
        if (told && names.isEmpty()) {
            names.add("tool");
        }
        return names;
    }

    private void add(Tool tool) {
        if (tool instanceof Tool.Function function) {
            tools.addObject().set("toolSpec", spec(function));
            terms.carry(function.extras(), Bedrock.ID, (ObjectNode) tools.get(tools.size() - 1));
            cache(function);
        } else if (tool instanceof Tool.Foreign foreign && foreign.whole().isFrom(Bedrock.ID)) {
            tools.add(foreign.whole().value());
        } else if (tool instanceof Tool.Foreign foreign) {
            terms.dropped(foreign.whole());
        }
    }

    /** Nova caches prompts, but not tools. */
    private void cache(Tool.Function function) {
        if (function.cache() != null) {
            boolean follows = family != ModelFamily.NOVA || own;
            content.cachePoint(function.cache(), function.extras(), follows, tools);
        }
    }

    private ObjectNode spec(Tool.Function function) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode().put("name", function.name());
        String description = function.description();
        if (description != null && (own || !description.isBlank())) {
            spec.put("description", description);
        }
        spec.putObject("inputSchema").set("json", own ? function.schema() : Schemas.ofObject(function.schema()));
        Boolean strict = function.strict();
        if (strict != null && (own || (strict && family.followsSchemas(request.model())))) {
            spec.put("strict", strict);
        } else if (strict != null && strict) {
            terms.dropped(Asked.STRICT_TOOLS);
        }
        return spec;
    }

    /** A tool that was called before and is not offered now. */
    private void remembered(String name) {
        ObjectNode spec = tools.addObject().putObject("toolSpec").put("name", name);
        spec.putObject("inputSchema").putObject("json").put("type", "object").putObject("properties");
    }

    private void choice(ObjectNode config) {
        ToolChoice choice = request.toolChoice();
        boolean nothingToChoose = !own && !config.has("tools");
        boolean unknown = choice instanceof ToolChoice.Named named && !own && !named.isAmong(request.tools());
        if (choice != null && (nothingToChoose || unknown)) {
            terms.dropped(Asked.TOOL_CHOICE);
        } else if (choice instanceof ToolChoice.Named named) {
            config.putObject("toolChoice").putObject("tool").put("name", named.name());
        } else if (choice instanceof ToolChoice.Required) {
            config.putObject("toolChoice").putObject("any");
        } else if (choice instanceof ToolChoice.Auto && (own || family != ModelFamily.OTHER)) {
            // What every model does unasked; some refuse to be asked.
            config.putObject("toolChoice").putObject("auto");
        }
    }
}
