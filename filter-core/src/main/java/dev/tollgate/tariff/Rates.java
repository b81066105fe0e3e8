package dev.tollgate.tariff;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/**
 * What one model asks for each kind of token, in nano-USD per million tokens (1 USD per million is 1,000,000,000). A rate that
 * is not known is {@link #UNKNOWN}, which is not free.
 *
 * @param input input tokens neither read from nor written to a cache, and those of no other kind here
 * @param cachedInput input tokens read from a cache
 * @param cacheWrite5m input tokens written to a cache for five minutes, or for the provider's usual time
 * @param cacheWrite1h input tokens written to a cache for an hour, or for the provider's longer time
 * @param output output tokens, reasoning included, and those of no other kind here
 * @param audioInput input tokens that are audio
 * @param audioOutput output tokens that are audio
 * @param imageInput input tokens that are images
 * @param imageOutput output tokens that are images
 * @param search searches of a reranking model, per million of them
 */
public record Rates(
        long input,
        long cachedInput,
        long cacheWrite5m,
        long cacheWrite1h,
        long output,
        long audioInput,
        long audioOutput,
        long imageInput,
        long imageOutput,
        long search) {
    /** The rate of what is not known. */
    public static final long UNKNOWN = -1;

    /** The rates that a list gives, and those that follow from them. */
    public static Rates of(Map<RateKind, Long> said) {
        long input = said.getOrDefault(RateKind.INPUT, UNKNOWN);
        long write = said.getOrDefault(RateKind.CACHE_WRITE_5M, input);
        return new Rates(
                input,
                said.getOrDefault(RateKind.CACHED_INPUT, input),
                write,
                said.getOrDefault(RateKind.CACHE_WRITE_1H, write),
                said.getOrDefault(RateKind.OUTPUT, UNKNOWN),
                said.getOrDefault(RateKind.AUDIO_INPUT, UNKNOWN),
                said.getOrDefault(RateKind.AUDIO_OUTPUT, UNKNOWN),
                said.getOrDefault(RateKind.IMAGE_INPUT, input),
                said.getOrDefault(RateKind.IMAGE_OUTPUT, UNKNOWN),
                said.getOrDefault(RateKind.SEARCH, UNKNOWN));
    }

    /** So many times as much. Searches cost what they do. */
    Rates times(Price.Times times) {
        return new Rates(
                times(input, times.inputs()),
                times(cachedInput, times.cachedInputs()),
                times(cacheWrite5m, times.inputs()),
                times(cacheWrite1h, times.inputs()),
                times(output, times.outputs()),
                times(audioInput, times.inputs()),
                times(audioOutput, times.outputs()),
                times(imageInput, times.inputs()),
                times(imageOutput, times.outputs()),
                search);
    }

    private static long times(long rate, BigDecimal factor) {
        return rate == UNKNOWN
                ? UNKNOWN
                : BigDecimal.valueOf(rate)
                        .multiply(factor)
                        .setScale(0, RoundingMode.HALF_UP)
                        .longValueExact();
    }
}
