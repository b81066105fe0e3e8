package dev.tollgate.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How the answer is drawn; null or empty where the caller did not say. Numbers stay as the caller wrote them. */
public record Sampling(
        @Nullable Long maxTokens,
        @Nullable JsonNode temperature,
        @Nullable JsonNode topP,
        @Nullable Long topK,
        @Nullable JsonNode frequencyPenalty,
        @Nullable JsonNode presencePenalty,
        @Nullable Long seed,
        @Nullable Long choices,
        List<String> stop) {

    public Sampling {
        stop = List.copyOf(stop);
    }
}
