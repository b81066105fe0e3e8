package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part.CacheHint;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.dialect.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads {@code toolConfig}. */
final class ToolFields {
    private ToolFields() {}

    static List<Tool> tools(Fields config) {
        List<Tool> tools = new ArrayList<>();
        config.each("tools", tool -> {
            if (!isHintOnLast(tool, tools)) {
                tools.add(tool(tool));
            }
        });
        return tools;
    }

    private static boolean isHintOnLast(Fields tool, List<Tool> tools) {
        CacheHint hint = tools.isEmpty() ? null : CachePoints.read(tool);
        int last = tools.size() - 1;
        Tool hinted = hint == null ? null : CachePoints.on(tools.get(last), hint);
        if (hinted != null) {
            tools.set(last, hinted);
        }
        return hinted != null;
    }

    private static Tool tool(Fields tool) {
        if (tool.peek("toolSpec") == null) {
            String type = tool.node().isEmpty()
                    ? "tool"
                    : tool.node().propertyNames().iterator().next();
            return new Tool.Foreign(type, new Opaque(Bedrock.ID, tool.path(type), tool.node()));
        }
        Fields spec = tool.needObject("toolSpec");
        Fields input = spec.needObject("inputSchema");
        JsonNode schema = input.take("json");
        if (schema == null || !schema.isObject()) {
            input.refuse("json", "a JSON schema");
        }
        return new Tool.Function(
                spec.need("name"),
                spec.text("description"),
                schema == null ? tool.node().objectNode() : schema,
                spec.flag("strict"),
                null,
                tool.rest());
    }

    static @Nullable ToolChoice choice(@Nullable Fields choice) {
        if (choice == null) {
            return null;
        }
        if (choice.object("any") != null) {
            return new ToolChoice.Required();
        }
        Fields named = choice.object("tool");
        if (named != null) {
            return new ToolChoice.Named(named.need("name"));
        }
        return choice.object("auto") == null ? null : new ToolChoice.Auto();
    }
}
