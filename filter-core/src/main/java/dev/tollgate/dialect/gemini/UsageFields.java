package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.WriteTerms;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code usageMetadata} object. Its prompt includes what came from a cache, its candidates exclude what was thought, and
 * what its own tools put into the prompt is counted apart.
 */
final class UsageFields {
    private static final String PROMPT = "promptTokenCount";
    private static final String CACHED = "cachedContentTokenCount";
    private static final String CANDIDATES = "candidatesTokenCount";
    private static final String THOUGHTS = "thoughtsTokenCount";
    private static final String TOOL_PROMPT = "toolUsePromptTokenCount";
    private static final String TOTAL = "totalTokenCount";
    private static final String PROMPT_DETAILS = "promptTokensDetails";
    private static final String CANDIDATES_DETAILS = "candidatesTokensDetails";
    private static final List<String> MODALITIES =
            List.of("MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "VIDEO", "AUDIO", "DOCUMENT");

    private UsageFields() {}

    /** Usage read from its object; null when it is none, or counts nothing. */
    static @Nullable Usage read(@Nullable JsonNode node) {
        boolean counts = node != null && (node.has(PROMPT) || node.has(CANDIDATES) || node.has(TOTAL));
        return counts && node instanceof ObjectNode object && Usage.isBelievable(object)
                ? read(Fields.lenient(object, Gemini.ID, "response.usageMetadata"))
                : null;
    }

    private static Usage read(Fields usage) {
        usage.label(PROMPT_DETAILS, CANDIDATES_DETAILS, "cacheTokensDetails", "toolUsePromptTokensDetails");
        usage.label(TOOL_PROMPT, TOTAL, "trafficType", "serviceTier");
        long prompt = count(usage.take(PROMPT));
        long cached = Math.min(prompt, count(usage.take(CACHED)));
        long shown = count(usage.take(CANDIDATES));
        long thoughts = count(usage.take(THOUGHTS));
        return new Usage(
                prompt - cached + count(usage.peek(TOOL_PROMPT)),
                cached,
                0,
                0,
                shown + thoughts,
                thoughts,
                of("AUDIO", usage.peek(PROMPT_DETAILS)),
                of("AUDIO", usage.peek(CANDIDATES_DETAILS)),
                of("IMAGE", usage.peek(PROMPT_DETAILS)),
                of("IMAGE", usage.peek(CANDIDATES_DETAILS)),
                usage.rest());
    }

    private static long count(@Nullable JsonNode value) {
        return value == null ? 0 : Usage.count(value);
    }

    /** The tokens of one modality. */
    private static long of(String modality, @Nullable JsonNode details) {
        long tokens = 0;
        for (JsonNode each : details == null ? List.<JsonNode>of() : details) {
            String word = ProtoJson.word(each.path("modality"), MODALITIES).asString("");
            tokens += word.equals(modality) ? Usage.count(each.path("tokenCount")) : 0;
        }
        return tokens;
    }

    static ObjectNode write(Usage usage, WriteTerms terms) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        boolean own = usage.extras().isFrom(Gemini.ID);
        long tools = own ? count(usage.extras().fields().get(Extras.LABEL + TOOL_PROMPT)) : 0;
        out.put(PROMPT, usage.input() - tools);
        put(CACHED, usage.cacheRead(), out);
        out.put(CANDIDATES, usage.output() - usage.reasoning());
        put(THOUGHTS, usage.reasoning(), out);
        if (!own) {
            out.put(TOTAL, usage.total());
            details(PROMPT_DETAILS, usage.input(), usage.imageInput(), usage.audioInput(), out);
            details(
                    CANDIDATES_DETAILS,
                    usage.output() - usage.reasoning(),
                    usage.imageOutput(),
                    usage.audioOutput(),
                    out);
            if (usage.cacheWrite5m() + usage.cacheWrite1h() > 0) {
                terms.dropped("response.usage.cache_write_tokens");
            }
        }
        terms.carryCounts(usage.extras(), Gemini.ID, out);
        return out;
    }

    private static void put(String name, long tokens, ObjectNode out) {
        if (tokens > 0) {
            out.put(name, tokens);
        }
    }

    private static void details(String name, long all, long images, long audio, ObjectNode out) {
        if (images + audio > 0) {
            ArrayNode details = out.putArray(name);
            detail("TEXT", all - images - audio, details);
            detail("IMAGE", images, details);
            detail("AUDIO", audio, details);
        }
    }

    private static void detail(String modality, long tokens, ArrayNode details) {
        if (tokens > 0) {
            details.addObject().put("modality", modality).put("tokenCount", tokens);
        }
    }
}
