package dev.tollgate.chat;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A function the model may call.
 *
 * @param schema the JSON Schema of its arguments
 * @param strict whether the arguments must follow the schema exactly; null when the caller did not say
 */
public record Tool(
        String name,
        @Nullable String description,
        JsonNode schema,
        @Nullable Boolean strict,
        Part.@Nullable CacheHint cache,
        Extras extras) {}
