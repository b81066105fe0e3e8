package dev.tollgate.choose;

import dev.tollgate.route.Asked;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** The ways in which models order targets of one rank. */
final class Picks {
    private static final int SHARE_PARTS = 1_000;

    private final RandomGenerator random;
    private final LongSupplier nanoTime;
    private final Probes probes = new Probes();

    Picks(RandomGenerator random, LongSupplier nanoTime) {
        this.random = random;
        this.nanoTime = nanoTime;
    }

    /** Targets in the order to ask them. */
    List<Option> order(Asked asked, List<Option> options) {
        if (options.size() < 2) {
            return options;
        }
        return switch (asked.model().pick()) {
            case ORDER -> lateLast(options);
            case WEIGHTED -> WeightedOrder.draw(options, Picks::weight, random);
            case LEAST_BUSY -> lateLast(leastBusy(options));
            case FASTEST -> fastest(options);
            case CHEAPEST -> lateLast(cheapest(asked, options));
        };
    }

    /** Targets in the order to ask them for a key that is to lead to the same one each time, on all nodes. */
    List<Option> order(Asked asked, List<Option> options, String key) {
        if (options.size() < 2) {
            return options;
        }
        List<Option> drawn = Rendezvous.order(options, key);
        List<Option> order = switch (asked.model().pick()) {
            case ORDER, WEIGHTED, LEAST_BUSY -> drawn;
            case FASTEST -> swappedIfSlow(drawn);
            case CHEAPEST -> cheapest(asked, drawn);
        };
        // The longer it is back, the more of its keys it gets, and those that it has got it keeps.
        return late(
                order,
                option -> Rendezvous.unit(option.label(), key + "/share")
                        >= option.standing().share());
    }

    private static long weight(Option option) {
        return (long) (option.candidate().weight()
                * (double) SHARE_PARTS
                * option.standing().share());
    }

    /** A target that is coming back is first only as often as its share says. */
    private List<Option> lateLast(List<Option> options) {
        return late(options, this::isLate);
    }

    private boolean isLate(Option option) {
        double share = option.standing().share();
        return share < 1 && random.nextDouble() >= share;
    }

    private static List<Option> late(List<Option> options, Predicate<Option> isLate) {
        List<Option> order = new ArrayList<>(options.size());
        List<Option> last = new ArrayList<>();
        options.forEach(each -> (isLate.test(each) ? last : order).add(each));
        order.addAll(last);
        return order;
    }

    private List<Option> leastBusy(List<Option> options) {
        List<Option> order = shuffled(options);
        order.sort(Comparator.comparingDouble(Option::load));
        return order;
    }

    private static List<Option> cheapest(Asked asked, List<Option> options) {
        record Priced(Option option, long nanoUsd) {}
        return options.stream()
                .map(each ->
                        new Priced(each, asked.nanoUsd().apply(each.candidate()).orElse(Long.MAX_VALUE)))
                .sorted(Comparator.comparingLong(Priced::nanoUsd))
                .map(Priced::option)
                .toList();
    }

    /**
     * The better of two drawn at random goes first: always asking the best would send everybody to it at once, until it is the
     * worst. One that nobody knows yet is tried out by one call at a time.
     */
    private List<Option> fastest(List<Option> options) {
        List<Option> order = shuffled(options);
        List<Option> cold =
                new ArrayList<>(order.stream().filter(each -> !isWarm(each)).toList());
        List<Option> warm = new ArrayList<>(order.stream().filter(Picks::isWarm).toList());
        List<Option> sorted = new ArrayList<>(lateLast(bestOfTwoFirst(warm)));
        cold.sort(Comparator.comparingDouble(Option::load));
        sorted.addAll(cold);
        cold.stream()
                .filter(each -> each.standing().inFlight() == 0 && probes.claim(each.label(), nanoTime.getAsLong()))
                .findFirst()
                .ifPresent(probed -> moveToFront(sorted, probed));
        return sorted;
    }

    private static boolean isWarm(Option option) {
        return option.standing().firstTokenNanos().isPresent();
    }

    /** @param drawn in random order */
    private static List<Option> bestOfTwoFirst(List<Option> drawn) {
        if (drawn.size() < 2) {
            return drawn;
        }
        Option one = drawn.get(0);
        Option other = drawn.get(1);
        List<Option> sorted = new ArrayList<>(drawn);
        sorted.sort(Comparator.comparingDouble(Picks::delay));
        moveToFront(sorted, delay(one) <= delay(other) ? one : other);
        return sorted;
    }

    /** How long a first token takes where those who are there already go before. */
    private static double delay(Option option) {
        return option.standing().firstTokenNanos().orElse(0)
                * (1.0 + option.standing().inFlight());
    }

    /** Only who is twice as slow gives way, so that nodes that have seen different delays still agree. */
    private static List<Option> swappedIfSlow(List<Option> drawn) {
        Option one = drawn.get(0);
        Option other = drawn.get(1);
        if (!isWarm(one) || !isWarm(other) || delay(other) * 2 > delay(one)) {
            return drawn;
        }
        List<Option> swapped = new ArrayList<>(drawn);
        Collections.swap(swapped, 0, 1);
        return swapped;
    }

    private static void moveToFront(List<Option> order, Option first) {
        order.remove(first);
        order.add(0, first);
    }

    private List<Option> shuffled(List<Option> options) {
        List<Option> order = new ArrayList<>(options);
        for (int last = order.size() - 1; last > 0; last--) {
            Collections.swap(order, last, random.nextInt(last + 1));
        }
        return order;
    }
}
