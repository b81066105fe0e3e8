package dev.tollgate.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How the answer is drawn; null or empty where the caller did not say. Numbers stay as the caller wrote them. {@code
 * topLogprobs} asks for the chance of each token written and of so many others at its place; zero for the token's own alone.
 */
public record Sampling(
        @Nullable Long maxTokens,
        @Nullable JsonNode temperature,
        @Nullable JsonNode topP,
        @Nullable Long topK,
        @Nullable JsonNode frequencyPenalty,
        @Nullable JsonNode presencePenalty,
        @Nullable Long seed,
        @Nullable Long choices,
        @Nullable Long topLogprobs,
        List<String> stop) {

    public Sampling {
        stop = List.copyOf(stop);
    }
}
