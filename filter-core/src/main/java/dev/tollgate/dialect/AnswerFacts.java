package dev.tollgate.dialect;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What the record of a call keeps of an answer.
 *
 * @param model the model that answered, in the provider's words; empty when it did not say
 * @param usage what it used, or null when the provider did not say
 * @param finish why the first alternative stopped, or null when it did not say
 */
public record AnswerFacts(
        String model, @Nullable Usage usage, @Nullable FinishReason finish) {
    /** Nothing known. */
    public static final AnswerFacts UNKNOWN = new AnswerFacts("", null, null);
}
