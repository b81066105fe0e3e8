package dev.tollgate.provider;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is odd about a provider, as data.
 *
 * @param streamUsage whether it accepts {@code stream_options.include_usage}
 * @param maxTokensField the name it wants for the output limit in OpenAI chat ("max_completion_tokens" or "max_tokens")
 * @param drops top-level request fields it refuses, by their name on the wire
 * @param headers constant headers it needs on every call ("anthropic-version")
 * @param forwards names of caller headers that are handed on to it, in lower case
 * @param modelPatterns names of models that a set-up without configuration sends to it
 */
public record Quirks(
        boolean streamUsage,
        String maxTokensField,
        Set<String> drops,
        Map<String, String> headers,
        List<String> forwards,
        List<String> modelPatterns) {

    public static final Quirks NONE =
            new Quirks(true, "max_completion_tokens", Set.of(), Map.of(), List.of(), List.of());

    public Quirks {
        drops = Set.copyOf(drops);
        headers = Map.copyOf(headers);
        forwards = List.copyOf(forwards);
        modelPatterns = List.copyOf(modelPatterns);
    }
}
