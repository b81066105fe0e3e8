package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Tool;
import dev.tollgate.dialect.ToolIds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The names of a request's tools. Only this dialect has tools in namespaces, and tools that take plain text; other dialects
 * are told of functions with longer names and of functions with one argument, and what they call is named back here.
 */
final class ToolNames {
    /** The one argument of a function that stands for a tool that takes plain text. */
    static final String INPUT = "input";

    /** The extras of a tool that hold the tool as it was given, where a function stands for it. */
    static final String WHOLE = Extras.LABEL + "tool";

    /** The extras of a tool that hold the namespace it was given in, without the namespace's tools. */
    static final String NAMESPACE = Extras.LABEL + "namespace";

    /** The longest name of a function that all providers accept. */
    private static final int LONGEST = 64;

    private final Map<String, Origin> origins = new HashMap<>();

    /** What a tool is called in this dialect, and whether it takes plain text. */
    record Origin(@Nullable String namespace, String name, boolean custom) {}

    ToolNames(List<Tool> tools) {
        for (Tool tool : tools) {
            if (tool instanceof Tool.Function function && function.extras().isFrom(OpenAiResponses.ID)) {
                add(function);
            }
        }
    }

    private void add(Tool.Function function) {
        JsonNode whole = function.extras().fields().get(WHOLE);
        if (whole != null) {
            JsonNode namespace = function.extras().fields().get(NAMESPACE);
            origins.put(
                    function.name(),
                    new Origin(
                            namespace == null ? null : namespace.path("name").asString(""),
                            whole.path("name").asString(""),
                            isCustom(whole)));
        }
    }

    static boolean isCustom(JsonNode tool) {
        return tool.path("type").asString("").equals("custom");
    }

    /** The name of a namespace's tool where there are no namespaces. */
    static String flat(String namespace, String name) {
        return ToolIds.within(namespace + "__" + name, LONGEST);
    }

    Origin origin(String name) {
        Origin origin = origins.get(name);
        return origin == null ? new Origin(null, name, false) : origin;
    }
}
