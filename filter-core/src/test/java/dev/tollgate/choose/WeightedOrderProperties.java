package dev.tollgate.choose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class WeightedOrderProperties {

    @Property(tries = 500)
    void everyOrderHoldsEveryItemOnceAndTheWeightlessLast(
            @ForAll @Size(max = 8) List<@IntRange(max = Integer.MAX_VALUE) Integer> weights, @ForAll Random random) {
        List<Integer> items = IntStream.range(0, weights.size()).boxed().toList();

        List<Integer> order = WeightedOrder.draw(items, item -> weights.get(item), random);

        assertThat(order).containsExactlyInAnyOrderElementsOf(items);
        List<Integer> weightless =
                items.stream().filter(item -> weights.get(item) == 0).toList();
        assertThat(order.subList(order.size() - weightless.size(), order.size()))
                .isEqualTo(weightless);
    }
}
