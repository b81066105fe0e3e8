package dev.tollgate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.OnLoss;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SlotsProperties {

    @Property(tries = 200)
    void anyOrderOfTakingAndReleasingCountsRight(
            @ForAll @IntRange(min = 1, max = 4) int most, @ForAll @Size(max = 200) List<Boolean> steps) {
        LocalSlots fresh = new LocalSlots();
        Deque<Slots.Slot> held = new ArrayDeque<>();
        for (boolean take : steps) {
            if (take) {
                Optional<Slots.Slot> slot = taken(fresh, "a", most);
                assertThat(slot.isPresent()).isEqualTo(held.size() < most);
                slot.ifPresent(held::add);
            } else if (!held.isEmpty()) {
                Slots.Slot slot = held.remove();
                slot.release();
                slot.release();
            }
            assertThat(fresh.held("a")).isEqualTo(held.size());
        }
        held.forEach(Slots.Slot::release);
        assertThat(fresh.names()).isZero();
    }

    private static Optional<Slots.Slot> taken(Slots slots, String name, long most) {
        return slots.take(name, most, OnLoss.STRICT).toCompletableFuture().join();
    }
}
