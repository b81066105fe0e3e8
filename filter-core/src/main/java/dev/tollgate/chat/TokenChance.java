package dev.tollgate.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How likely the model found a token it wrote.
 *
 * @param token the token's text
 * @param logprob the natural logarithm of its probability, as the provider wrote it
 * @param bytes the token's bytes as a list of numbers, or null where the provider gave none
 * @param top the likeliest tokens at this place, each without alternatives of its own; empty where not asked for
 */
public record TokenChance(
        String token, JsonNode logprob, @Nullable JsonNode bytes, List<TokenChance> top) {
    public TokenChance {
        top = List.copyOf(top);
    }
}
