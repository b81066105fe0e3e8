package dev.tollgate.chat;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Tokens used, in disjoint classes: their sum is what was processed. {@code reasoning} tokens are the part of {@code output}
 * that was not shown as the answer and are the one class inside another; audio and image tokens likewise stand inside input and output.
 *
 * @param uncachedInput input tokens neither read from nor written to a cache
 * @param cacheRead input tokens read from a cache
 * @param cacheWrite5m input tokens written to a cache for five minutes (or for the provider's only lifetime)
 * @param cacheWrite1h input tokens written to a cache for an hour
 * @param output output tokens, reasoning included
 * @param reasoning output tokens spent on reasoning
 * @param audioInput input tokens that were audio
 * @param audioOutput output tokens that were audio
 * @param imageInput input tokens that were images, where the provider counts them apart
 * @param imageOutput output tokens that were images
 * @param extras usage fields no class above holds
 */
public record Usage(
        long uncachedInput,
        long cacheRead,
        long cacheWrite5m,
        long cacheWrite1h,
        long output,
        long reasoning,
        long audioInput,
        long audioOutput,
        long imageInput,
        long imageOutput,
        Extras extras) {

    private static final long MOST_TOKENS = 1L << 40;

    /** Usage without images. */
    public Usage(
            long uncachedInput,
            long cacheRead,
            long cacheWrite5m,
            long cacheWrite1h,
            long output,
            long reasoning,
            long audioInput,
            long audioOutput,
            Extras extras) {
        this(
                uncachedInput,
                cacheRead,
                cacheWrite5m,
                cacheWrite1h,
                output,
                reasoning,
                audioInput,
                audioOutput,
                0,
                0,
                extras);
    }

    /** Nothing used. */
    public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Extras.NONE);

    /** All input tokens, cached or not. */
    public long input() {
        return uncachedInput + cacheRead + cacheWrite5m + cacheWrite1h;
    }

    /** Input and output together. */
    public long total() {
        return input() + output;
    }

    /** This and other usage together, without what no class holds. */
    public Usage plus(Usage other) {
        return new Usage(
                uncachedInput + other.uncachedInput,
                cacheRead + other.cacheRead,
                cacheWrite5m + other.cacheWrite5m,
                cacheWrite1h + other.cacheWrite1h,
                output + other.output,
                reasoning + other.reasoning,
                audioInput + other.audioInput,
                audioOutput + other.audioOutput,
                imageInput + other.imageInput,
                imageOutput + other.imageOutput,
                Extras.NONE);
    }

    /** Whether a report of a provider's can be true: it may not be if a count of tokens in it is absurd (negative, above 2^40). */
    public static boolean isBelievable(JsonNode report) {
        for (Map.Entry<String, JsonNode> member : report.properties()) {
            JsonNode value = member.getValue();
            boolean absurd = value.isIntegralNumber() && member.getKey().contains("oken") && isAbsurd(value);
            if (absurd || (value.isObject() && !isBelievable(value))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAbsurd(JsonNode count) {
        return !count.canConvertToLong() || count.longValue() < 0 || count.longValue() > MOST_TOKENS;
    }

    /** A count as providers report it: absent, null or absurd (negative, above 2^40) counts as zero. */
    public static long count(JsonNode node) {
        return node.isIntegralNumber() && !isAbsurd(node) ? node.longValue() : 0;
    }
}
