package dev.tollgate.config;

import dev.tollgate.tariff.Price;
import dev.tollgate.tariff.Price.Change;
import dev.tollgate.tariff.Price.Step;
import dev.tollgate.tariff.Price.Tier;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings of one price: in the configuration, and in the list that comes with the release. */
final class PriceSettings {
    private static final String STEPS =
            "Rates of larger calls. All tokens of a call are paid at the rates of the highest step that its input passes.";

    private static final RateSettings<Step> STEP_RATES = RateSettings.orTimes(Step::rates, Step::times);
    private static final Setting<Step, Long> TOKENS = Setting.required(
            "tokens",
            Scalars.count(0, 1L << 40),
            Step::tokens,
            "The rates are those of calls with more tokens of input than this, cached ones included.");
    private static final Type<List<Step>> ABOVE = new ListOf<>(
            new Section<>(
                    "The rates of larger calls: rates of their own, or how many times those of smaller ones.",
                    STEP_RATES.and(List.of(TOKENS)),
                    Set.of(),
                    STEP_RATES::check,
                    values -> new Step(values.get(TOKENS), STEP_RATES.rates(values), STEP_RATES.times(values))),
            0);

    private static final RateSettings<Tier> TIER_RATES = RateSettings.orTimes(Tier::rates, Tier::times);
    private static final Setting<Tier, List<Step>> TIER_ABOVE =
            Setting.withDefault("above", ABOVE, List.of(), Tier::above, STEPS);
    private static final Type<Map<String, Tier>> TIERS = new NamedSections<>(
            "tier",
            Scalars.TIER,
            new Section<>(
                    "The rates of a service tier: rates of their own, or how many times the standard ones.",
                    TIER_RATES.and(List.of(TIER_ABOVE)),
                    Set.of(),
                    PriceSettings::checkTier,
                    values -> new Tier(TIER_RATES.rates(values), TIER_RATES.times(values), values.get(TIER_ABOVE))));

    private static final String TIERS_ABOUT =
            "The rates of other service tiers, by the provider's name for them: `batch`, `flex`, `priority`, `fast`. A call in a "
                    + "tier that is not here is unpriced.";
    private static final String UNTIL_ABOUT =
            "The first moment at which the price is no longer known to hold; the model is unpriced from then on.";

    private static final RateSettings<Change> CHANGE_RATES =
            RateSettings.of(change -> change.price().rates());
    private static final Setting<Change, Instant> FROM =
            Setting.required("from", Scalars.INSTANT, Change::from, "The first moment at which it holds.");
    private static final Setting<Change, Instant> CHANGE_UNTIL = Setting.optional(
            "until",
            Scalars.INSTANT,
            change -> Optional.ofNullable(change.price().until()),
            UNTIL_ABOUT);
    private static final Setting<Change, List<Step>> CHANGE_ABOVE = Setting.withDefault(
            "above", ABOVE, List.of(), change -> change.price().above(), STEPS);
    private static final Setting<Change, Map<String, Tier>> CHANGE_TIERS = Setting.withDefault(
            "service-tiers", TIERS, Map.of(), change -> change.price().tiers(), TIERS_ABOUT);
    private static final Type<List<Change>> CHANGES = new ListOf<>(
            new Section<>(
                    "What a model costs from a date on, in place of all that was said of it before.",
                    CHANGE_RATES.and(List.of(FROM, CHANGE_UNTIL, CHANGE_ABOVE, CHANGE_TIERS)),
                    Set.of(),
                    CHANGE_RATES::check,
                    values -> new Change(values.get(FROM), change(values))),
            0);

    private static final RateSettings<Price> RATES = RateSettings.of(Price::rates);
    private static final Setting<Price, List<Step>> PRICE_ABOVE =
            Setting.withDefault("above", ABOVE, List.of(), Price::above, STEPS);
    private static final Setting<Price, Map<String, Tier>> PRICE_TIERS =
            Setting.withDefault("service-tiers", TIERS, Map.of(), Price::tiers, TIERS_ABOUT);
    private static final Setting<Price, Instant> PRICE_UNTIL =
            Setting.optional("until", Scalars.INSTANT, price -> Optional.ofNullable(price.until()), UNTIL_ABOUT);
    private static final Setting<Price, List<Change>> PRICE_CHANGES =
            Setting.withDefault("changes", CHANGES, List.of(), Price::changes, "What it costs from later dates on.");

    /** A price by what has it. */
    static NamedSections<Price> by(String kind, Scalar<String> names, String about, Section.Maker<Price> maker) {
        return new NamedSections<>(
                kind,
                names,
                new Section<>(
                        about,
                        RATES.and(List.of(PRICE_ABOVE, PRICE_TIERS, PRICE_UNTIL, PRICE_CHANGES)),
                        Set.of(),
                        RATES::check,
                        maker));
    }

    static final NamedSections<Price> PRICES = by(
            "provider/model",
            Scalars.PRICED,
            "What a model of a provider costs, in USD per million tokens, as agreed with the provider. It replaces what price "
                    + "files and the list that comes with the release say of the model. A `*` at the end stands for any end of "
                    + "a name; a model's whole name goes before its name without a date, and that before such a pattern.",
            PriceSettings::own);

    private PriceSettings() {}

    private static Price own(Values values) {
        String provider = values.name().substring(0, values.name().indexOf('/'));
        values.reading().later(() -> checkProvider(provider, values));
        return price(values);
    }

    static Price price(Values values) {
        return new Price(
                RATES.rates(values),
                values.get(PRICE_ABOVE),
                values.get(PRICE_TIERS),
                values.find(PRICE_UNTIL).orElse(null),
                values.get(PRICE_CHANGES));
    }

    private static Price change(Values values) {
        return new Price(
                CHANGE_RATES.rates(values),
                values.get(CHANGE_ABOVE),
                values.get(CHANGE_TIERS),
                values.find(CHANGE_UNTIL).orElse(null),
                List.of());
    }

    private static void checkTier(Values values) {
        TIER_RATES.check(values);
        if (TIER_RATES.times(values).isSaid() && values.isSet(TIER_ABOVE)) {
            values.problem(TIER_ABOVE, "'above' goes with rates of the tier's own; times hold for calls of every size");
        }
    }

    private static void checkProvider(String provider, Values values) {
        Set<String> declared = values.reading().declared("provider");
        if (!declared.contains(provider)) {
            values.problem("no provider is called '" + provider + "'" + Suggestion.ending(provider, declared));
        }
    }
}
