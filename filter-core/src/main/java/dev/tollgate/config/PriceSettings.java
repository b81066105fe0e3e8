package dev.tollgate.config;

import dev.tollgate.config.Settings.Price;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The settings of one price. */
final class PriceSettings {
    private static final Setting<Price, Long> INPUT =
            Setting.required("input", Scalars.PRICE, Price::input, "Input tokens.");
    private static final Setting<Price, Long> CACHED_INPUT = likeInput(
            "cached-input", Price::cacheRead, "Input tokens read from the provider's cache. As `input` by default.");
    private static final Setting<Price, Long> CACHE_WRITE_5M = likeInput(
            "cache-write-5m",
            Price::cacheWrite5m,
            "Input tokens written to a cache for five minutes. As `input` by default.");
    private static final Setting<Price, Long> CACHE_WRITE_1H = likeInput(
            "cache-write-1h",
            Price::cacheWrite1h,
            "Input tokens written to a cache for an hour. As `input` by default.");
    private static final Setting<Price, Long> OUTPUT =
            Setting.required("output", Scalars.PRICE, Price::output, "Output tokens, reasoning included.");

    static final NamedSections<Price> PRICES = new NamedSections<>(
            "provider/model",
            Scalars.matching("`provider/model`", "[^\\s/]+/[^\\s*]+", "is not of the form provider/model"),
            new Section<>(
                    "What a model of a provider costs, in USD per million tokens. It replaces the price that comes with the "
                            + "release.",
                    List.of(INPUT, CACHED_INPUT, CACHE_WRITE_5M, CACHE_WRITE_1H, OUTPUT),
                    Set.of("image", "audio"),
                    PriceSettings::make));

    private PriceSettings() {}

    private static Setting<Price, Long> likeInput(String key, Function<Price, Long> getter, String about) {
        return Setting.optional(key, Scalars.PRICE, price -> Optional.of(getter.apply(price)), about);
    }

    private static Price make(Values values) {
        String provider = values.name().substring(0, values.name().indexOf('/'));
        values.reading().later(() -> checkProvider(provider, values));
        long input = values.get(INPUT);
        return new Price(
                input,
                values.find(CACHED_INPUT).orElse(input),
                values.find(CACHE_WRITE_5M).orElse(input),
                values.find(CACHE_WRITE_1H).orElse(input),
                values.get(OUTPUT));
    }

    private static void checkProvider(String provider, Values values) {
        Set<String> declared = values.reading().declared("provider");
        if (!declared.contains(provider)) {
            values.problem("no provider is called '" + provider + "'" + Suggestion.ending(provider, declared));
        }
    }
}
