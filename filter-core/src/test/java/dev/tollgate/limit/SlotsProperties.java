package dev.tollgate.limit;

import static org.assertj.core.api.Assertions.assertThat;

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
        Slots fresh = new Slots();
        Deque<Slots.Slot> held = new ArrayDeque<>();
        for (boolean take : steps) {
            if (take) {
                Optional<Slots.Slot> slot = fresh.take("a", most);
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
}
