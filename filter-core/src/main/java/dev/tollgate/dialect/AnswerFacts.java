package dev.tollgate.dialect;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Usage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the record of a call keeps of an answer.
 *
 * @param model the model that answered, in the provider's words; empty when it did not say
 * @param usage what it used, or null when the provider did not say
 * @param finish why the first alternative stopped, or null when it did not say
 * @param serviceTier the service tier that served it, in the provider's word, or null when it did not say
 */
public record AnswerFacts(
        String model,
        @Nullable Usage usage,
        @Nullable FinishReason finish,
        @Nullable String serviceTier) {
    /** Nothing known. */
    public static final AnswerFacts UNKNOWN = new AnswerFacts("", null, null);

    /** The members of usage objects that say it; a faster way than the usual one is a tier, and so it goes first. */
    private static final List<String> USAGE_WORDS = List.of("speed", "service_tier", "serviceTier", "trafficType");

    /** Facts of an answer that says its service tier in its usage, if at all. */
    public AnswerFacts(String model, @Nullable Usage usage, @Nullable FinishReason finish) {
        this(model, usage, finish, usage == null ? null : tier(usage.extras()));
    }

    /** The same, of an answer that has a member of its own for its service tier. */
    public AnswerFacts servedIn(JsonNode tier) {
        JsonNode word = tier.isObject() ? tier.path("type") : tier;
        return word.asString("").isEmpty() ? this : new AnswerFacts(model, usage, finish, word.asString());
    }

    private static @Nullable String tier(Extras extras) {
        for (String name : USAGE_WORDS) {
            String word = word(name, extras.fields());
            if (!word.isEmpty() && !(name.equals("speed") && word.equals("standard"))) {
                return word;
            }
        }
        return null;
    }

    private static String word(String name, Map<String, JsonNode> fields) {
        JsonNode plain = fields.get(name);
        JsonNode node = plain != null ? plain : fields.get(Extras.LABEL + name);
        return node == null ? "" : node.asString("");
    }
}
