package dev.tollgate.tariff;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The price of a model as a list says it; what is left out there is left out here. A {@link Tariff} is what it means.
 *
 * @param rates the rates of calls in the standard service tier, in nano-USD per million
 * @param above the rates of larger calls
 * @param tiers the rates of other service tiers, by name
 * @param until the first moment at which it is no longer known to hold
 * @param changes what follows it
 */
public record Price(
        Map<RateKind, Long> rates,
        List<Step> above,
        Map<String, Tier> tiers,
        @Nullable Instant until,
        List<Change> changes) {

    public Price {
        rates = Map.copyOf(rates);
        above = List.copyOf(above);
        tiers = Map.copyOf(tiers);
        changes = List.copyOf(changes);
    }

    /** The same for calls of every size, at all times. */
    public static Price of(Map<RateKind, Long> rates) {
        return new Price(rates, List.of(), Map.of(), null, List.of());
    }

    /**
     * How many times as much something costs; what is null is not said.
     *
     * @param all everything that nothing more particular is said of
     * @param input input tokens
     * @param cached input tokens read from a cache; as {@code input} when null
     * @param output output tokens
     */
    public record Times(
            @Nullable BigDecimal all,
            @Nullable BigDecimal input,
            @Nullable BigDecimal cached,
            @Nullable BigDecimal output) {
        /** Nothing said. */
        public static final Times NONE = new Times(null, null, null, null);

        /** Whether anything is said. */
        public boolean isSaid() {
            return all != null || input != null || cached != null || output != null;
        }

        BigDecimal inputs() {
            return input != null ? input : otherwise();
        }

        BigDecimal cachedInputs() {
            return cached != null ? cached : inputs();
        }

        BigDecimal outputs() {
            return output != null ? output : otherwise();
        }

        private BigDecimal otherwise() {
            return all != null ? all : BigDecimal.ONE;
        }
    }

    /**
     * The rates of calls with more than so many tokens of input, cached ones included: rates of their own, or so many times
     * those of smaller calls.
     */
    public record Step(long tokens, Map<RateKind, Long> rates, Times times) {
        public Step {
            rates = Map.copyOf(rates);
        }
    }

    /** The rates of a service tier: rates of their own with steps of their own, or so many times the standard ones. */
    public record Tier(Map<RateKind, Long> rates, Times times, List<Step> above) {
        public Tier {
            rates = Map.copyOf(rates);
            above = List.copyOf(above);
        }
    }

    /** A price, without changes of its own, that holds from a moment on. */
    public record Change(Instant from, Price price) {}
}
