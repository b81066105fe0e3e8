package dev.tollgate.chat;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Something the model may call. */
public sealed interface Tool {

    /**
     * A function the caller runs.
     *
     * @param schema the JSON Schema of its arguments; an empty object where it takes none
     * @param strict whether the arguments must follow the schema exactly; null when the caller did not say
     */
    record Function(
            String name,
            @Nullable String description,
            JsonNode schema,
            @Nullable Boolean strict,
            Part.@Nullable CacheHint cache,
            Extras extras)
            implements Tool {}

    /** A tool only one dialect knows, most often one the provider runs itself (web search, code execution). */
    record Foreign(String type, Opaque whole) implements Tool {}
}
