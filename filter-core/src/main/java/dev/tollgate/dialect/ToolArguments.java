package dev.tollgate.dialect;

import dev.tollgate.chat.Part;
import dev.tollgate.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The arguments of tool calls, for dialects in which they are an object and not its text. */
public final class ToolArguments {
    private ToolArguments() {}

    /**
     * The arguments of a call. What a model wrote that is no object is kept as the one argument, and noted.
     *
     * @param own whether the call came in the dialect it is written in, where any JSON is as it was
     */
    public static JsonNode of(Part.ToolCall call, WriteTerms terms, boolean own) {
        JsonNode read = read(call.arguments());
        if (read != null && (own || read.isObject())) {
            return read;
        }
        terms.dropped(call.extras(), Asked.ARGUMENTS);
        return kept(call.arguments());
    }

    /** The same for arguments of which nothing is noted any more. */
    public static JsonNode of(String arguments) {
        return read(arguments) instanceof ObjectNode object ? object : kept(arguments);
    }

    /** A model's own mistake, which it gets to see again. */
    private static ObjectNode kept(String arguments) {
        return JsonNodeFactory.instance.objectNode().put("arguments", arguments);
    }

    private static @Nullable JsonNode read(String json) {
        if (json.isBlank()) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            return Json.read(json);
        } catch (JacksonException e) {
            return null; // cut off by the output limit, most likely
        }
    }
}
