package dev.tollgate.dialect.anthropic;

import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.WriteTerms;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The {@code usage} object. Its input tokens exclude what a cache gave or took, as ours do. */
final class UsageFields {
    private UsageFields() {}

    /** Usage read from a {@code usage} object; null when it is none. */
    static @Nullable Usage read(@Nullable JsonNode node) {
        return node instanceof ObjectNode object && Usage.isBelievable(object)
                ? read(Fields.lenient(object, Anthropic.ID, "response.usage"))
                : null;
    }

    private static Usage read(Fields usage) {
        Fields created = usage.object("cache_creation");
        long hour = count(created, "ephemeral_1h_input_tokens");
        long minutes = count(created, "ephemeral_5m_input_tokens");
        if (usage.peek("cache_creation_input_tokens") != null) {
            // A stream's last word on it is the sum alone, which then counts.
            long written = count(usage, "cache_creation_input_tokens");
            hour = Math.min(hour, written);
            minutes = written - hour;
        }
        long output = count(usage, "output_tokens");
        return new Usage(
                count(usage, "input_tokens"),
                count(usage, "cache_read_input_tokens"),
                minutes,
                hour,
                output,
                Math.min(output, count(usage.object("output_tokens_details"), "thinking_tokens")),
                0,
                0,
                usage.rest());
    }

    private static long count(@Nullable Fields fields, String name) {
        JsonNode value = fields == null ? null : fields.take(name);
        return value == null ? 0 : Usage.count(value);
    }

    static ObjectNode write(Usage usage, WriteTerms terms) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("input_tokens", usage.uncachedInput());
        out.put("cache_creation_input_tokens", usage.cacheWrite5m() + usage.cacheWrite1h());
        out.put("cache_read_input_tokens", usage.cacheRead());
        out.putObject("cache_creation")
                .put("ephemeral_5m_input_tokens", usage.cacheWrite5m())
                .put("ephemeral_1h_input_tokens", usage.cacheWrite1h());
        out.put("output_tokens", usage.output());
        if (usage.reasoning() > 0) {
            out.putObject("output_tokens_details").put("thinking_tokens", usage.reasoning());
        }
        if (usage.audioInput() > 0) {
            terms.dropped("response.usage.prompt_tokens_details.audio_tokens");
        }
        if (usage.audioOutput() > 0) {
            terms.dropped("response.usage.completion_tokens_details.audio_tokens");
        }
        terms.carryCounts(usage.extras(), Anthropic.ID, out);
        return out;
    }
}
