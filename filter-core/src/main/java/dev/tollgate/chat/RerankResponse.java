package dev.tollgate.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The order of the documents of a {@link RerankRequest}, the best first.
 *
 * @param id the provider's id of the answer; empty where it gave none
 * @param model the model that made it, in the provider's words; empty where it did not say
 * @param usage what it used, or null when the provider did not say
 */
public record RerankResponse(
        String id,
        String model,
        List<Result> results,
        @Nullable Usage usage,
        Extras extras) {
    public RerankResponse {
        results = List.copyOf(results);
    }

    /**
     * One document's place in the order.
     *
     * @param index which of the documents it is, from 0
     * @param score how relevant it is, as the provider wrote it
     */
    public record Result(int index, JsonNode score) {}
}
