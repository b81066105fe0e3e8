package dev.tollgate.choose;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/**
 * A random order in which each place goes to one of those left, with odds in proportion to their weights. So in the long run
 * each is first as often as its weight says, and when one fails its calls go to the others in proportion too.
 */
final class WeightedOrder {

    private WeightedOrder() {}

    /** Draws an order; those without weight come last, in the order given. */
    static <T> List<T> draw(List<T> items, ToLongFunction<T> weight, RandomGenerator random) {
        List<T> left = new ArrayList<>(items);
        List<T> drawn = new ArrayList<>(items.size());
        long total = items.stream().mapToLong(item -> weightOf(item, weight)).sum();
        while (total > 0) {
            T next = pick(left, weight, total > 1 ? random.nextLong(total) : 0);
            drawn.add(next);
            left.remove(next);
            total -= weightOf(next, weight);
        }
        drawn.addAll(left);
        return drawn;
    }

    private static <T> T pick(List<T> left, ToLongFunction<T> weight, long point) {
        long passed = 0;
        for (T item : left) {
            passed += weightOf(item, weight);
            if (point < passed) {
                return item;
            }
        }
        throw new AssertionError("the weights do not add up");
    }

    private static <T> long weightOf(T item, ToLongFunction<T> weight) {
        return Math.max(0, weight.applyAsLong(item));
    }
}
