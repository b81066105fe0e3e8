package dev.tollgate.provider;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is odd about a provider, as data.
 *
 * @param streamUsage whether it accepts {@code stream_options.include_usage}
 * @param maxTokensField the name it wants for the output limit in OpenAI chat ("max_completion_tokens" or "max_tokens")
 * @param drops top-level request fields it refuses, by their name on the wire
 * @param headers constant headers it needs on every call ("anthropic-version")
 * @param forwards names of caller headers that are handed on to it, in lower case
 * @param modelPatterns names of models that a set-up without configuration sends to it
 * @param signsAs the provider whose models it serves, and whose signatures its are; null where it signs as itself
 * @param cacheHints whether it takes Anthropic's cache hints on the parts of OpenAI chat
 * @param prefill which of its models go on with an answer that has been begun for them
 */
public record Quirks(
        boolean streamUsage,
        String maxTokensField,
        Set<String> drops,
        Map<String, String> headers,
        List<String> forwards,
        List<String> modelPatterns,
        @Nullable String signsAs,
        boolean cacheHints,
        Prefill prefill) {

    public static final Quirks NONE =
            new Quirks(true, "max_completion_tokens", Set.of(), Map.of(), List.of(), List.of());

    /** A provider that signs as itself and takes no cache hints. */
    public Quirks(
            boolean streamUsage,
            String maxTokensField,
            Set<String> drops,
            Map<String, String> headers,
            List<String> forwards,
            List<String> modelPatterns) {
        this(streamUsage, maxTokensField, drops, headers, forwards, modelPatterns, null, false, Prefill.NONE);
    }

    /** A provider none of whose models goes on with what has been begun for them. */
    public Quirks(
            boolean streamUsage,
            String maxTokensField,
            Set<String> drops,
            Map<String, String> headers,
            List<String> forwards,
            List<String> modelPatterns,
            @Nullable String signsAs,
            boolean cacheHints) {
        this(streamUsage, maxTokensField, drops, headers, forwards, modelPatterns, signsAs, cacheHints, Prefill.NONE);
    }

    public Quirks {
        drops = Set.copyOf(drops);
        headers = Map.copyOf(headers);
        forwards = List.copyOf(forwards);
        modelPatterns = List.copyOf(modelPatterns);
    }
}
