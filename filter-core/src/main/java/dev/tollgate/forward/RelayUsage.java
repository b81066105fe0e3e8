package dev.tollgate.forward;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The usage that answers about images and audio report: as OpenAI names it, in tokens. */
final class RelayUsage {
    private RelayUsage() {}

    /** The usage; null where tokens are not what is counted. */
    static @Nullable Usage of(JsonNode usage) {
        if (!usage.isObject()
                || !(usage.has("input_tokens") || usage.has("output_tokens") || usage.has("prompt_tokens"))) {
            return null;
        }
        JsonNode into = either(usage, "input_tokens_details", "input_token_details");
        JsonNode out = either(usage, "output_tokens_details", "output_token_details");
        long input = Usage.count(either(usage, "input_tokens", "prompt_tokens"));
        long cached = Math.min(input, Usage.count(into.path("cached_tokens")));
        return new Usage(
                input - cached,
                cached,
                0,
                0,
                Usage.count(either(usage, "output_tokens", "completion_tokens")),
                0,
                Usage.count(into.path("audio_tokens")),
                Usage.count(out.path("audio_tokens")),
                Usage.count(into.path("image_tokens")),
                Usage.count(out.path("image_tokens")),
                Extras.NONE);
    }

    private static JsonNode either(JsonNode usage, String name, String otherName) {
        return usage.has(name) ? usage.path(name) : usage.path(otherName);
    }
}
