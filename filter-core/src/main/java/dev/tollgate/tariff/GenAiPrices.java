package dev.tollgate.tariff;

import dev.tollgate.tariff.Price.Change;
import dev.tollgate.tariff.Price.Step;
import dev.tollgate.tariff.Price.Tier;
import dev.tollgate.tariff.Price.Times;
import dev.tollgate.tariff.PriceFile.Models;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The list of genai-prices: providers with models, each with a rule that says which names are meant, and USD per million
 * tokens, for some also by service tier or speed. A model whose price depends on the time of the day is left out.
 */
final class GenAiPrices {
    private static final Map<String, RateKind> FIELDS = Map.ofEntries(
            Map.entry("input_mtok", RateKind.INPUT),
            Map.entry("cache_read_mtok", RateKind.CACHED_INPUT),
            Map.entry("cache_write_mtok", RateKind.CACHE_WRITE_5M),
            Map.entry("cache_write_5m_mtok", RateKind.CACHE_WRITE_5M),
            Map.entry("cache_write_1h_mtok", RateKind.CACHE_WRITE_1H),
            Map.entry("output_mtok", RateKind.OUTPUT),
            Map.entry("input_audio_mtok", RateKind.AUDIO_INPUT),
            Map.entry("output_audio_mtok", RateKind.AUDIO_OUTPUT),
            Map.entry("input_image_mtok", RateKind.IMAGE_INPUT),
            Map.entry("output_image_mtok", RateKind.IMAGE_OUTPUT),
            Map.entry("rerank_searches_kcount", RateKind.SEARCH));

    /** What a variant of a price may be for that is a service tier. */
    private static final List<String> CONTEXTS = List.of("service_tier", "processing", "speed");

    private final JsonNode root;

    GenAiPrices(JsonNode root) {
        this.root = root;
    }

    Map<String, Models> read() throws PriceFileProblem {
        JsonNode providers = root.isArray() ? root : root.path("providers");
        if (!providers.isArray()) {
            throw new PriceFileProblem("the list of genai-prices has an array of providers, and this has none");
        }
        Map<String, Models> read = new HashMap<>();
        for (JsonNode provider : providers) {
            String id = provider.path("id").asString("");
            read.put(id, new Rules(rules(id, provider.path("models")))::find);
        }
        return read;
    }

    private static List<Rule> rules(String provider, JsonNode models) throws PriceFileProblem {
        List<Rule> rules = new ArrayList<>();
        for (JsonNode model : models) {
            String place = provider + "/" + model.path("id").asString("");
            Price price = price(model, place);
            if (price != null) {
                rules.add(new Rule(NameRule.of(model.path("match"), place), Tariff.of(price)));
            }
        }
        return rules;
    }

    /** Null where no price is said, or one that we cannot follow. */
    private static @Nullable Price price(JsonNode model, String place) throws PriceFileProblem {
        JsonNode prices = model.path("prices");
        JsonNode variants = model.path("price_variants");
        if (!prices.isArray()) {
            return rates(prices, variants, place);
        }
        Price first = null;
        List<Change> changes = new ArrayList<>();
        for (JsonNode each : prices) {
            JsonNode constraint = each.path("constraint");
            Price price = rates(each.path("prices"), variants, place);
            if (price == null || constraint.has("start_time") || constraint.has("end_time")) {
                return null;
            }
            if (constraint.has("start_date")) {
                changes.add(new Change(date(constraint.path("start_date"), place), price));
            } else {
                first = price;
            }
        }
        return first == null ? null : new Price(first.rates(), first.above(), first.tiers(), null, changes);
    }

    private static Instant date(JsonNode date, String place) throws PriceFileProblem {
        try {
            return LocalDate.parse(date.asString(""))
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant();
        } catch (DateTimeException e) {
            throw new PriceFileProblem(place + ".prices.constraint.start_date: " + date + " is not a date", e);
        }
    }

    private static @Nullable Price rates(JsonNode prices, JsonNode variants, String place) throws PriceFileProblem {
        Sizes standard = Sizes.of(prices, place);
        Map<String, Tier> tiers = new HashMap<>();
        for (JsonNode variant : variants) {
            String tier = tier(variant.path("when"));
            if (tier != null) {
                Sizes own = Sizes.of(variant.path("prices"), place).over(standard);
                tiers.put(tier, new Tier(own.rates(0), Times.NONE, own.steps()));
            }
        }
        return standard.isFree() ? null : new Price(standard.rates(0), standard.steps(), tiers, null, List.of());
    }

    /** The service tier that a variant is for; null where it is for something else, or for the standard one. */
    private static @Nullable String tier(JsonNode when) {
        for (String context : when.size() == 1 ? CONTEXTS : List.<String>of()) {
            String name = ServiceTiers.named(when.path(context).asString(""));
            if (when.has(context) && !name.equals(ServiceTiers.STANDARD)) {
                return name;
            }
        }
        return null;
    }

    /** What is said of calls with more than so many tokens; of all of them where that is 0. */
    private record Sizes(SortedMap<Long, Map<RateKind, Long>> said) {
        static Sizes of(JsonNode prices, String place) throws PriceFileProblem {
            Sizes sizes = new Sizes(new TreeMap<>());
            for (Map.Entry<String, JsonNode> field : prices.properties()) {
                RateKind kind = FIELDS.get(field.getKey());
                if (kind != null && !field.getValue().isNull()) {
                    sizes.put(kind, field.getValue(), place + ".prices." + field.getKey());
                }
            }
            return sizes;
        }

        private void put(RateKind kind, JsonNode figure, String place) throws PriceFileProblem {
            BigDecimal unit = kind == RateKind.SEARCH ? PriceFigures.PER_THOUSAND : PriceFigures.PER_MILLION;
            put(0, kind, PriceFigures.rate(figure.isObject() ? figure.path("base") : figure, unit, place));
            for (JsonNode tier : figure.path("tiers")) {
                long start = Math.max(1, tier.path("start").asLong(0));
                put(start, kind, PriceFigures.rate(tier.path("price"), unit, place + ".tiers"));
            }
        }

        private void put(long size, RateKind kind, long rate) {
            said.computeIfAbsent(size, above -> new EnumMap<>(RateKind.class)).putIfAbsent(kind, rate);
        }

        boolean isFree() {
            return said.values().stream()
                    .flatMap(rates -> rates.values().stream())
                    .allMatch(rate -> rate == 0);
        }

        /** These, and those of others where nothing is said here. */
        Sizes over(Sizes others) {
            Sizes both = new Sizes(new TreeMap<>());
            said.forEach((size, rates) -> rates.forEach((kind, rate) -> both.put(size, kind, rate)));
            others.said.forEach((size, rates) -> rates.forEach((kind, rate) -> both.put(size, kind, rate)));
            return both;
        }

        Map<RateKind, Long> rates(long size) {
            Map<RateKind, Long> rates = new EnumMap<>(RateKind.class);
            said.headMap(size + 1).values().forEach(rates::putAll);
            return withFallbacks(rates);
        }

        List<Step> steps() {
            return said.keySet().stream()
                    .filter(size -> size > 0)
                    .map(size -> new Step(size, rates(size), Times.NONE))
                    .toList();
        }
    }

    /** The list leaves out what costs as much as text does, and what there is none of. */
    private static Map<RateKind, Long> withFallbacks(Map<RateKind, Long> said) {
        Map<RateKind, Long> rates = new EnumMap<>(said);
        long input = rates.computeIfAbsent(RateKind.INPUT, kind -> 0L);
        long output = rates.computeIfAbsent(RateKind.OUTPUT, kind -> 0L);
        rates.putIfAbsent(RateKind.AUDIO_INPUT, input);
        rates.putIfAbsent(RateKind.AUDIO_OUTPUT, output);
        rates.putIfAbsent(RateKind.IMAGE_OUTPUT, output);
        return rates;
    }

    private record Rule(NameRule names, Tariff tariff) {}

    /** The first rule that a name fits counts. */
    private record Rules(List<Rule> rules) {
        @Nullable
        Tariff find(String model) {
            for (Rule rule : rules) {
                if (rule.names().fits(model)) {
                    return rule.tariff();
                }
            }
            return null;
        }
    }
}
