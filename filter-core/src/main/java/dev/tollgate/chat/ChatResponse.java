package dev.tollgate.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer.
 *
 * @param id the provider's id of the answer
 * @param model the model that answered, in the provider's words
 * @param created seconds since 1970 when the provider made it, or null
 * @param usage what it used, or null when the provider did not say
 */
public record ChatResponse(
        String id,
        String model,
        @Nullable Long created,
        List<Choice> choices,
        @Nullable Usage usage,
        Extras extras) {

    public ChatResponse {
        choices = List.copyOf(choices);
    }

    /** One of the alternative answers; nearly always the only one. {@code chances} is empty where they were not asked for. */
    public record Choice(int index, List<Part> parts, FinishReason finish, List<TokenChance> chances, Extras extras) {
        public Choice {
            parts = List.copyOf(parts);
            chances = List.copyOf(chances);
        }
    }
}
