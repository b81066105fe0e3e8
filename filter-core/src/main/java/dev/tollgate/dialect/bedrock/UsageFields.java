package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.WriteTerms;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The {@code usage} object. Its input tokens exclude what a cache gave or took, as ours do. */
final class UsageFields {
    private UsageFields() {}

    /** Usage read from a {@code usage} object; null when it is none. */
    static @Nullable Usage read(@Nullable JsonNode node) {
        return node instanceof ObjectNode object && Usage.isBelievable(object)
                ? read(Fields.lenient(object, Bedrock.ID, "response.usage"))
                : null;
    }

    private static Usage read(Fields usage) {
        long written = count(usage, "cacheWriteInputTokens", "cacheWriteInputTokenCount");
        long hour = 0;
        for (JsonNode detail : usage.list("cacheDetails")) {
            boolean lasts = detail.path("ttl").asString("").equals("1h");
            hour += lasts ? Usage.count(detail.path("inputTokens")) : 0;
        }
        hour = Math.min(hour, written);
        usage.take("totalTokens");
        return new Usage(
                count(usage, "inputTokens", "inputTokens"),
                count(usage, "cacheReadInputTokens", "cacheReadInputTokenCount"),
                written - hour,
                hour,
                count(usage, "outputTokens", "outputTokens"),
                0,
                0,
                0,
                usage.rest());
    }

    /** A count under its name, or under the one that it had before and still goes by as well. */
    private static long count(Fields usage, String name, String earlier) {
        JsonNode value = usage.take(name);
        JsonNode again = usage.peek(earlier);
        usage.label(earlier);
        return value == null ? again == null ? 0 : Usage.count(again) : Usage.count(value);
    }

    static ObjectNode write(Usage usage, WriteTerms terms) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("inputTokens", usage.uncachedInput());
        out.put("outputTokens", usage.output());
        out.put("totalTokens", usage.total());
        out.put("cacheReadInputTokens", usage.cacheRead());
        out.put("cacheWriteInputTokens", usage.cacheWrite5m() + usage.cacheWrite1h());
        details(usage, out);
        dropped("reasoning_tokens", usage.reasoning(), terms);
        dropped("audio_tokens", usage.audioInput() + usage.audioOutput(), terms);
        dropped("image_tokens", usage.imageInput() + usage.imageOutput(), terms);
        terms.carryCounts(usage.extras(), Bedrock.ID, out);
        return out;
    }

    private static void details(Usage usage, ObjectNode out) {
        ArrayNode details = JsonNodeFactory.instance.arrayNode();
        if (usage.cacheWrite1h() > 0) {
            details.addObject().put("ttl", "1h").put("inputTokens", usage.cacheWrite1h());
            if (usage.cacheWrite5m() > 0) {
                details.addObject().put("ttl", "5m").put("inputTokens", usage.cacheWrite5m());
            }
            out.set("cacheDetails", details);
        }
    }

    private static void dropped(String name, long count, WriteTerms terms) {
        if (count > 0) {
            terms.dropped("response.usage." + name);
        }
    }
}
