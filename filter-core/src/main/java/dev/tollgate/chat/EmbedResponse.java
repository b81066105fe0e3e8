package dev.tollgate.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The vectors of an {@link EmbedRequest}.
 *
 * @param model the model that made them, in the provider's words; empty when it did not say
 * @param vectors one per input, in their order: lists of numbers as the provider wrote them
 * @param usage what it used, or null when the provider did not say
 */
public record EmbedResponse(
        String model, List<JsonNode> vectors, @Nullable Usage usage, Extras extras) {
    public EmbedResponse {
        vectors = List.copyOf(vectors);
    }
}
