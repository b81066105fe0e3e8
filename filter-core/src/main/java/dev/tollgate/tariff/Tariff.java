package dev.tollgate.tariff;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the cost of one model.
 *
 * @param periods from the earliest to the latest; they do not overlap
 */
public record Tariff(List<Period> periods) {

    /**
     * What a model costs for some time.
     *
     * @param from its first moment
     * @param until the first moment at which it is no longer known to hold
     * @param standard the rates of calls in the standard service tier
     * @param tiers the rates of the other service tiers, by their {@linkplain ServiceTiers names}
     */
    public record Period(Instant from, Instant until, Schedule standard, Map<String, Schedule> tiers) {
        public Period {
            tiers = Map.copyOf(tiers);
        }

        /** The rates of the service tier that a provider or a caller calls so; null where they are not known. */
        public @Nullable Schedule tier(@Nullable String word) {
            String name = ServiceTiers.named(word);
            if (name.equals(ServiceTiers.STANDARD)) {
                return standard;
            }
            Schedule own = tiers.get(name);
            return own == null && name.equals("fast") ? tiers.get("priority") : own;
        }

        boolean holdsAt(Instant time) {
            return !time.isBefore(from) && time.isBefore(until);
        }
    }

    public Tariff {
        periods = periods.stream().sorted(Comparator.comparing(Period::from)).toList();
    }

    /** What a price means. */
    public static Tariff of(Price price) {
        List<Price.Change> changes = price.changes().stream()
                .sorted(Comparator.comparing(Price.Change::from))
                .toList();
        List<Period> periods = new ArrayList<>();
        periods.add(period(price, Instant.MIN, changes, 0));
        for (int i = 0; i < changes.size(); i++) {
            periods.add(period(changes.get(i).price(), changes.get(i).from(), changes, i + 1));
        }
        return new Tariff(periods);
    }

    private static Period period(Price price, Instant from, List<Price.Change> changes, int next) {
        Instant until = price.until() == null ? Instant.MAX : price.until();
        if (next < changes.size() && changes.get(next).from().isBefore(until)) {
            until = changes.get(next).from();
        }
        Schedule standard = Schedule.of(price.rates(), price.above());
        Map<String, Schedule> tiers = new HashMap<>();
        price.tiers()
                .forEach((name, tier) -> tiers.put(
                        name,
                        tier.times().isSaid()
                                ? standard.times(tier.times())
                                : Schedule.of(tier.rates(), tier.above())));
        return new Period(from, until, standard, tiers);
    }

    /** What holds at a time; null where nothing is known to. */
    public @Nullable Period at(Instant time) {
        for (Period period : periods) {
            if (period.holdsAt(time)) {
                return period;
            }
        }
        return null;
    }
}
