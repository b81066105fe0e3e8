package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.WriteTerms;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The {@code usage} object. Its input tokens include the cached ones, ours do not. */
final class UsageFields {
    private static final String INPUT_DETAILS = "input_tokens_details";
    private static final String OUTPUT_DETAILS = "output_tokens_details";

    private UsageFields() {}

    /** Usage read from a {@code usage} object; null when it is none. */
    static @Nullable Usage read(@Nullable JsonNode node) {
        return node instanceof ObjectNode object && Usage.isBelievable(object)
                ? read(Fields.lenient(object, OpenAiResponses.ID, "response.usage"))
                : null;
    }

    private static Usage read(Fields usage) {
        Fields inputDetails = usage.object(INPUT_DETAILS);
        Fields outputDetails = usage.object(OUTPUT_DETAILS);
        long input = count(usage, "input_tokens");
        long cached = Math.min(input, count(inputDetails, "cached_tokens"));
        long written = Math.min(input - cached, count(inputDetails, "cache_write_tokens"));
        long reasoning = count(outputDetails, "reasoning_tokens");
        long output = output(input, count(usage, "output_tokens"), reasoning, count(usage, "total_tokens"));
        return new Usage(
                input - cached - written,
                cached,
                written,
                0,
                output,
                Math.min(output, reasoning),
                count(inputDetails, "audio_tokens"),
                count(outputDetails, "audio_tokens"),
                count(inputDetails, "image_tokens"),
                count(outputDetails, "image_tokens"),
                usage.rest());
    }

    /** Some count reasoning beside the output, most inside it; the total tells which. */
    private static long output(long input, long output, long reasoning, long total) {
        return reasoning > 0 && total == input + output + reasoning ? output + reasoning : output;
    }

    private static long count(@Nullable Fields fields, String name) {
        JsonNode value = fields == null ? null : fields.take(name);
        return value == null ? 0 : Usage.count(value);
    }

    static ObjectNode write(Usage usage, WriteTerms terms) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("input_tokens", usage.input());
        ObjectNode input = out.putObject(INPUT_DETAILS)
                .put("cached_tokens", usage.cacheRead())
                .put("cache_write_tokens", usage.cacheWrite5m() + usage.cacheWrite1h());
        out.put("output_tokens", usage.output());
        ObjectNode output = out.putObject(OUTPUT_DETAILS).put("reasoning_tokens", usage.reasoning());
        out.put("total_tokens", usage.total());
        some(input, "audio_tokens", usage.audioInput());
        some(input, "image_tokens", usage.imageInput());
        some(output, "audio_tokens", usage.audioOutput());
        some(output, "image_tokens", usage.imageOutput());
        terms.carryCounts(usage.extras(), OpenAiResponses.ID, out);
        return out;
    }

    private static void some(ObjectNode details, String name, long count) {
        if (count > 0) {
            details.put(name, count);
        }
    }
}
