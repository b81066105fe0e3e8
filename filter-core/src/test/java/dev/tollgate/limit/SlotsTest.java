package dev.tollgate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.OnLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final LocalSlots slots = new LocalSlots();

    @Test
    void noMoreAreHeldThanTheLimitAllows() {
        assertThat(taken(slots, "a", 2)).isPresent();
        assertThat(taken(slots, "a", 2)).isPresent();
        assertThat(taken(slots, "a", 2)).isEmpty();
        assertThat(taken(slots, "b", 2)).isPresent();
    }

    @Test
    void aSlotReleasedTwiceIsFreedOnce() {
        Slots.Slot slot = taken(slots, "a", 2).orElseThrow();
        taken(slots, "a", 2);

        slot.release();
        slot.release();

        assertThat(slots.held("a")).isEqualTo(1);
    }

    @Test
    void aLoweredLimitRefusesUntilEnoughCallsHaveEnded() {
        List<Slots.Slot> held = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            held.add(taken(slots, "a", 5).orElseThrow());
        }
        held.subList(0, 3).forEach(Slots.Slot::release);
        assertThat(taken(slots, "a", 2)).isEmpty();

        held.get(3).release();
        assertThat(taken(slots, "a", 2)).isPresent();
    }

    @Test
    void manyThreadsNeverHoldMoreThanTheLimitAndLeaveNothingBehind() throws Exception {
        AtomicInteger held = new AtomicInteger();
        AtomicInteger mostHeld = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                work.add(threads.submit(() -> {
                    for (int n = 0; n < 20_000; n++) {
                        taken(slots, "a", 3).ifPresent(slot -> {
                            mostHeld.accumulateAndGet(held.incrementAndGet(), Math::max);
                            held.decrementAndGet();
                            slot.release();
                        });
                    }
                }));
            }
            for (Future<?> each : work) {
                each.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(mostHeld).hasValueBetween(1, 3);
        assertThat(slots.names()).isZero();
    }

    static Optional<Slots.Slot> taken(Slots slots, String name, long most) {
        return slots.take(name, most, OnLoss.STRICT).toCompletableFuture().join();
    }
}
