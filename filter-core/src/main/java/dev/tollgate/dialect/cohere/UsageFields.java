package dev.tollgate.dialect.cohere;

import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.WriteTerms;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code usage} object. Its tokens are what was processed, the cached ones included; what is billed is less (Cohere's own
 * instructions are free) and stands beside them.
 */
final class UsageFields {
    private static final String TOKENS = "tokens";
    private static final String BILLED = "billed_units";

    private UsageFields() {}

    /** Usage read from a {@code usage} object; null when it is none. */
    static @Nullable Usage read(@Nullable JsonNode node) {
        return node instanceof ObjectNode object && Usage.isBelievable(object)
                ? read(Fields.lenient(object, Cohere.ID, "response.usage"))
                : null;
    }

    private static Usage read(Fields usage) {
        Fields tokens = usage.object(TOKENS);
        if (tokens == null) {
            tokens = usage.object(BILLED);
        }
        long input = count(tokens, "input_tokens");
        long cached = Math.min(input, count(usage, "cached_tokens"));
        long output = count(tokens, "output_tokens");
        usage.label(BILLED);
        return new Usage(input - cached, cached, 0, 0, output, 0, 0, 0, usage.rest());
    }

    /** A count, which Cohere's interface calls a float. */
    private static long count(@Nullable Fields fields, String name) {
        JsonNode value = fields == null ? null : fields.take(name);
        if (value == null || !value.isNumber()) {
            return 0;
        }
        return Usage.count(value.isIntegralNumber() ? value : JsonNodeFactory.instance.numberNode(value.asLong(0)));
    }

    static ObjectNode write(Usage usage, WriteTerms terms) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.putObject(TOKENS).put("input_tokens", usage.input()).put("output_tokens", usage.output());
        out.put("cached_tokens", usage.cacheRead());
        dropped("cache_write_tokens", usage.cacheWrite5m() + usage.cacheWrite1h(), terms);
        dropped("reasoning_tokens", usage.reasoning(), terms);
        dropped("audio_tokens", usage.audioInput() + usage.audioOutput(), terms);
        dropped("image_tokens", usage.imageInput() + usage.imageOutput(), terms);
        terms.carryCounts(usage.extras(), Cohere.ID, out);
        return out;
    }

    private static void dropped(String name, long count, WriteTerms terms) {
        if (count > 0) {
            terms.dropped("response.usage." + name);
        }
    }
}
