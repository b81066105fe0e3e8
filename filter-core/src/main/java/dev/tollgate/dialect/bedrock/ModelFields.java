package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Thinking.Mode;
import dev.tollgate.dialect.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a caller says in the words of a model's own API: Claude's thinking and effort, Nova's reasoning, the effort of
 * OpenAI's open models, and top-k. It is read for other dialects and left where it is for this one.
 */
final class ModelFields {
    private final @Nullable Fields fields;
    private final @Nullable Fields output;

    /**
     * @param fields {@code additionalModelRequestFields}
     * @param output {@code outputConfig}
     */
    ModelFields(@Nullable Fields fields, @Nullable Fields output) {
        this.fields = fields;
        this.output = output;
    }

    private static @Nullable Fields inner(@Nullable Fields fields, String name) {
        JsonNode value = fields == null ? null : fields.peek(name);
        return fields != null && value != null && value.isObject() ? fields.object(name) : null;
    }

    private static @Nullable JsonNode seen(@Nullable Fields fields, String name) {
        if (fields != null) {
            fields.label(name);
            return fields.peek(name);
        }
        return null;
    }

    private static @Nullable String word(@Nullable Fields fields, String name) {
        JsonNode value = seen(fields, name);
        return value != null && value.isString() ? value.stringValue() : null;
    }

    private static @Nullable Long whole(@Nullable Fields fields, String name) {
        JsonNode value = seen(fields, name);
        return value != null && value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : null;
    }

    @Nullable
    Thinking thinking() {
        Fields claude = inner(fields, "thinking");
        claude = claude == null ? inner(fields, "reasoning_config") : claude;
        Fields nova = inner(fields, "reasoningConfig");
        Mode mode = mode(word(claude == null ? nova : claude, "type"));
        String effort = first(
                word(output, "effort"),
                word(inner(fields, "output_config"), "effort"),
                word(nova, "maxReasoningEffort"),
                word(fields, "reasoning_effort"));
        if (mode == Mode.UNSAID && effort == null) {
            return null;
        }
        return new Thinking(mode, effort, mode == Mode.ON ? whole(claude, "budget_tokens") : null, null);
    }

    private static Mode mode(@Nullable String type) {
        return switch (type == null ? "" : type) {
            case "enabled" -> Mode.ON;
            case "disabled" -> Mode.OFF;
            case "adaptive" -> Mode.ADAPTIVE;
            default -> Mode.UNSAID;
        };
    }

    private static @Nullable String first(@Nullable String... words) {
        for (String word : words) {
            if (word != null) {
                return word;
            }
        }
        return null;
    }

    @Nullable
    Long topK() {
        Long claude = whole(fields, "top_k");
        return claude == null ? whole(inner(fields, "inferenceConfig"), "topK") : claude;
    }
}
