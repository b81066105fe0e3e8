package dev.tollgate.chat;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The form the answer's text must have. */
public sealed interface OutputFormat {
    /** Any JSON object. */
    record Json() implements OutputFormat {}

    /** JSON that follows a schema. */
    record Schema(
            @Nullable String name,
            @Nullable String description,
            JsonNode schema,
            @Nullable Boolean strict) implements OutputFormat {}
}
