package dev.tollgate.config;

import dev.tollgate.tariff.Price.Times;
import dev.tollgate.tariff.RateKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings that say rates: one for each kind, and those that say how many times other rates they are.
 *
 * @param <O> what the section they stand in describes
 */
final class RateSettings<O> {
    private final Map<RateKind, Setting<O, Long>> rates = new EnumMap<>(RateKind.class);
    private final List<Setting<O, BigDecimal>> times = new ArrayList<>();

    private RateSettings(Function<O, Map<RateKind, Long>> getter) {
        for (RateKind kind : RateKind.values()) {
            rates.put(
                    kind,
                    Setting.optional(
                            kind.key(),
                            kind == RateKind.SEARCH ? Scalars.SEARCH_PRICE : Scalars.PRICE,
                            owner -> Optional.ofNullable(getter.apply(owner).get(kind)),
                            kind.about()));
        }
    }

    /** Rates alone. */
    static <O> RateSettings<O> of(Function<O, Map<RateKind, Long>> getter) {
        return new RateSettings<>(getter);
    }

    /** Rates, or so many times others. */
    static <O> RateSettings<O> orTimes(Function<O, Map<RateKind, Long>> getter, Function<O, Times> said) {
        RateSettings<O> settings = new RateSettings<>(getter);
        settings.times(
                "times",
                owner -> Optional.ofNullable(said.apply(owner).all()),
                "Instead of rates: how many times as much everything costs.");
        settings.times(
                "input-times",
                owner -> Optional.ofNullable(said.apply(owner).input()),
                "How many times as much input costs. As `times` by default.");
        settings.times(
                "cached-times",
                owner -> Optional.ofNullable(said.apply(owner).cached()),
                "How many times as much input read from a cache costs. As `input-times` by default.");
        settings.times(
                "output-times",
                owner -> Optional.ofNullable(said.apply(owner).output()),
                "How many times as much output costs. As `times` by default.");
        return settings;
    }

    private void times(String key, Function<O, Optional<BigDecimal>> getter, String about) {
        times.add(Setting.optional(key, Scalars.TIMES, getter, about));
    }

    /** All of them, and others after them. */
    List<Setting<O, ?>> and(List<Setting<O, ?>> others) {
        List<Setting<O, ?>> all = new ArrayList<>(rates.values());
        all.addAll(times);
        all.addAll(others);
        return all;
    }

    /** Notes what is missing, or said in two ways. */
    void check(Values values) {
        boolean derived = times.stream().anyMatch(values::isSet);
        if (derived && rates.values().stream().anyMatch(values::isSet)) {
            values.problem("either rates or how many times as much it costs, not both");
        } else if (!derived) {
            need(RateKind.INPUT, values);
            need(RateKind.OUTPUT, values);
        }
    }

    private void need(RateKind kind, Values values) {
        if (!values.isSet(setting(kind))) {
            values.problem("'" + kind.key() + "' is missing");
        }
    }

    private Setting<O, Long> setting(RateKind kind) {
        Setting<O, Long> setting = rates.get(kind);
        if (setting == null) {
            throw new IllegalStateException(kind.key());
        }
        return setting;
    }

    Map<RateKind, Long> rates(Values values) {
        Map<RateKind, Long> said = new EnumMap<>(RateKind.class);
        rates.forEach((kind, setting) -> values.find(setting).ifPresent(rate -> said.put(kind, rate)));
        return said;
    }

    Times times(Values values) {
        return new Times(factor(0, values), factor(1, values), factor(2, values), factor(3, values));
    }

    private @Nullable BigDecimal factor(int index, Values values) {
        return values.find(times.get(index)).orElse(null);
    }
}
