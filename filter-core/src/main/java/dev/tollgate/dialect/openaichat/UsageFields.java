package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.WriteTerms;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The {@code usage} object. Its prompt tokens include the cached ones, ours do not. */
final class UsageFields {
    private static final String PROMPT_DETAILS = "prompt_tokens_details";
    private static final String COMPLETION_DETAILS = "completion_tokens_details";

    private UsageFields() {}

    /** Usage read from a {@code usage} object; null when it is none. */
    static @Nullable Usage read(@Nullable JsonNode node) {
        return node instanceof ObjectNode object && Usage.isBelievable(object)
                ? read(Fields.lenient(object, OpenAiChat.ID, "response.usage"))
                : null;
    }

    private static Usage read(Fields usage) {
        Fields promptDetails = usage.object(PROMPT_DETAILS);
        Fields completionDetails = usage.object(COMPLETION_DETAILS);
        long prompt = count(usage, "prompt_tokens");
        long cached = Math.min(prompt, cached(usage, promptDetails));
        long written = Math.min(prompt - cached, count(promptDetails, "cache_write_tokens"));
        long reasoning = count(completionDetails, "reasoning_tokens");
        long output = output(prompt, count(usage, "completion_tokens"), reasoning, count(usage, "total_tokens"));
        return new Usage(
                prompt - cached - written,
                cached,
                written,
                0,
                output,
                Math.min(output, reasoning),
                count(promptDetails, "audio_tokens"),
                count(completionDetails, "audio_tokens"),
                count(promptDetails, "image_tokens"),
                count(completionDetails, "image_tokens"),
                usage.rest());
    }

    /** Cached tokens under the first name that some provider has for them; the others are left over. */
    private static long cached(Fields usage, @Nullable Fields details) {
        if (details != null && details.peek("cached_tokens") != null) {
            return count(details, "cached_tokens");
        }
        for (String name : new String[] {"prompt_cache_hit_tokens", "cached_tokens", "num_cached_tokens"}) {
            if (usage.peek(name) != null) {
                return count(usage, name);
            }
        }
        return 0;
    }

    /** xAI counts reasoning beside the completion, everybody else inside it; the total tells which. */
    private static long output(long prompt, long completion, long reasoning, long total) {
        return reasoning > 0 && total == prompt + completion + reasoning ? completion + reasoning : completion;
    }

    private static long count(@Nullable Fields fields, String name) {
        JsonNode value = fields == null ? null : fields.take(name);
        return value == null ? 0 : Usage.count(value);
    }

    static ObjectNode write(Usage usage, WriteTerms terms) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("prompt_tokens", usage.input());
        out.put("completion_tokens", usage.output());
        out.put("total_tokens", usage.total());
        ObjectNode prompt = out.putObject(PROMPT_DETAILS)
                .put("cached_tokens", usage.cacheRead())
                .put("cache_write_tokens", usage.cacheWrite5m() + usage.cacheWrite1h())
                .put("audio_tokens", usage.audioInput());
        ObjectNode completion = out.putObject(COMPLETION_DETAILS)
                .put("reasoning_tokens", usage.reasoning())
                .put("audio_tokens", usage.audioOutput());
        images(prompt, usage.imageInput());
        images(completion, usage.imageOutput());
        terms.carryCounts(usage.extras(), OpenAiChat.ID, out);
        return out;
    }

    private static void images(ObjectNode details, long tokens) {
        if (tokens > 0) {
            details.put("image_tokens", tokens);
        }
    }
}
