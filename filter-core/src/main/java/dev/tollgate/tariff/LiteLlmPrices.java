package dev.tollgate.tariff;

import dev.tollgate.tariff.Price.Step;
import dev.tollgate.tariff.Price.Tier;
import dev.tollgate.tariff.Price.Times;
import dev.tollgate.tariff.PriceFile.Models;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * LiteLLM's list: one object by model, with USD per token in fields whose names end with the size of the call and the service
 * tier. A tier, or a size, for which a field is missing costs what the field without the ending says.
 */
final class LiteLlmPrices {
    private static final String SAMPLE = "sample_spec";
    private static final String STANDARD = "";
    private static final long ANY_SIZE = 0;

    /** The first name of each kind counts that a model has. */
    private static final Map<String, RateKind> FIELDS = Map.ofEntries(
            Map.entry("input_cost_per_token", RateKind.INPUT),
            Map.entry("cache_read_input_token_cost", RateKind.CACHED_INPUT),
            Map.entry("cache_creation_input_token_cost", RateKind.CACHE_WRITE_5M),
            Map.entry("cache_creation_input_token_cost_above_1hr", RateKind.CACHE_WRITE_1H),
            Map.entry("cache_creation_input_token_cost_above_12hr", RateKind.CACHE_WRITE_1H),
            Map.entry("output_cost_per_token", RateKind.OUTPUT),
            Map.entry("input_cost_per_audio_token", RateKind.AUDIO_INPUT),
            Map.entry("output_cost_per_audio_token", RateKind.AUDIO_OUTPUT),
            Map.entry("input_cost_per_image_token", RateKind.IMAGE_INPUT),
            Map.entry("output_cost_per_image_token", RateKind.IMAGE_OUTPUT),
            Map.entry("input_cost_per_query", RateKind.SEARCH));

    private static final Pattern FIELD = Pattern.compile(FIELDS.keySet().stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .collect(Collectors.joining("|", "(", ")(?:_above_([0-9]{1,6})k_tokens)?(?:_([a-z]+))?")));

    private final JsonNode root;

    LiteLlmPrices(JsonNode root) {
        this.root = root;
    }

    Map<String, Models> read() throws PriceFileProblem {
        if (!root.isObject()) {
            throw new PriceFileProblem("LiteLLM's list is an object by model, and this is not");
        }
        Map<String, Map<String, Tariff>> found = new HashMap<>();
        for (Map.Entry<String, JsonNode> model : root.properties()) {
            Price price = model.getKey().equals(SAMPLE) ? null : price(model.getKey(), model.getValue());
            String provider = model.getValue().path("litellm_provider").asString("");
            if (price != null && !provider.isEmpty()) {
                Map<String, Tariff> models = found.computeIfAbsent(provider, name -> new HashMap<>());
                Tariff tariff = Tariff.of(price);
                models.put(model.getKey(), tariff);
                models.putIfAbsent(withoutProvider(model.getKey(), provider), tariff);
            }
        }
        Map<String, Models> byProvider = new HashMap<>();
        found.forEach((provider, models) -> byProvider.put(provider, models::get));
        return byProvider;
    }

    /** Names begin with the provider's where another's could be the same; it is no part of what the provider calls it. */
    private static String withoutProvider(String model, String provider) {
        int slash = model.indexOf('/');
        return slash > 0 && provider.startsWith(model.substring(0, slash)) ? model.substring(slash + 1) : model;
    }

    /** Null where the list names no price, or none but zeros: it has them also for what it does not know. */
    private static @Nullable Price price(String model, JsonNode fields) throws PriceFileProblem {
        Figures figures = new Figures();
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            Matcher name = FIELD.matcher(field.getKey());
            RateKind kind = name.matches() ? FIELDS.get(name.group(1)) : null;
            if (kind != null && !field.getValue().isNull()) {
                long above = name.group(2) == null ? ANY_SIZE : 1_000 * Long.parseLong(name.group(2));
                String tier = name.group(3) == null ? STANDARD : name.group(3);
                figures.put(
                        tier.equals("batches") ? "batch" : tier,
                        above,
                        kind,
                        PriceFigures.rate(field.getValue(), PriceFigures.PER_ONE, model + "." + field.getKey()));
            }
        }
        if (!figures.isPriced()) {
            return null;
        }
        Map<String, Tier> tiers = new HashMap<>();
        figures.tiers()
                .forEach(tier ->
                        tiers.put(tier, new Tier(figures.rates(tier, ANY_SIZE), Times.NONE, figures.steps(tier))));
        return new Price(figures.rates(STANDARD, ANY_SIZE), figures.steps(STANDARD), tiers, null, List.of());
    }

    /** The figures of one model, by service tier, size and kind. */
    private static final class Figures {
        private final Map<String, Map<Long, Map<RateKind, Long>>> said = new TreeMap<>();

        void put(String tier, long above, RateKind kind, long rate) {
            said.computeIfAbsent(tier, name -> new TreeMap<>())
                    .computeIfAbsent(above, size -> new EnumMap<>(RateKind.class))
                    .putIfAbsent(kind, rate);
        }

        boolean isPriced() {
            Map<RateKind, Long> rates = at(STANDARD, ANY_SIZE);
            return rates.containsKey(RateKind.INPUT) && rates.values().stream().anyMatch(rate -> rate > 0);
        }

        /** The tiers that say what input costs; some lists say no more than what a cache does. */
        List<String> tiers() {
            return said.keySet().stream()
                    .filter(tier -> !tier.equals(STANDARD) && at(tier, ANY_SIZE).containsKey(RateKind.INPUT))
                    .toList();
        }

        List<Step> steps(String tier) {
            TreeSet<Long> sizes =
                    new TreeSet<>(said.getOrDefault(STANDARD, Map.of()).keySet());
            sizes.addAll(said.getOrDefault(tier, Map.of()).keySet());
            sizes.remove(ANY_SIZE);
            List<Step> steps = new ArrayList<>();
            sizes.forEach(size -> steps.add(new Step(size, rates(tier, size), Times.NONE)));
            return steps;
        }

        Map<RateKind, Long> rates(String tier, long size) {
            Map<RateKind, Long> rates = new EnumMap<>(RateKind.class);
            rates.putAll(at(STANDARD, ANY_SIZE));
            rates.putAll(at(STANDARD, size));
            rates.putAll(at(tier, ANY_SIZE));
            rates.putAll(at(tier, size));
            return withFallbacks(rates);
        }

        private Map<RateKind, Long> at(String tier, long size) {
            return said.getOrDefault(tier, Map.of()).getOrDefault(size, Map.of());
        }

        /** The list leaves out what costs as much as text does. */
        private static Map<RateKind, Long> withFallbacks(Map<RateKind, Long> rates) {
            long input = rates.getOrDefault(RateKind.INPUT, 0L);
            long output = rates.computeIfAbsent(RateKind.OUTPUT, kind -> 0L);
            rates.putIfAbsent(RateKind.AUDIO_INPUT, input);
            rates.putIfAbsent(RateKind.AUDIO_OUTPUT, output);
            rates.putIfAbsent(RateKind.IMAGE_OUTPUT, output);
            return rates;
        }
    }
}
