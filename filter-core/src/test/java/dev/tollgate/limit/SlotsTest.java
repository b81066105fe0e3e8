package dev.tollgate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Slots slots = new Slots();

    @Test
    void noMoreAreHeldThanTheLimitAllows() {
        assertThat(slots.take("a", 2)).isPresent();
        assertThat(slots.take("a", 2)).isPresent();
        assertThat(slots.take("a", 2)).isEmpty();
        assertThat(slots.take("b", 2)).isPresent();
    }

    @Test
    void aSlotReleasedTwiceIsFreedOnce() {
        Slots.Slot slot = slots.take("a", 2).orElseThrow();
        slots.take("a", 2);

        slot.release();
        slot.release();

        assertThat(slots.held("a")).isEqualTo(1);
    }

    @Test
    void aLoweredLimitRefusesUntilEnoughCallsHaveEnded() {
        List<Slots.Slot> held = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            held.add(slots.take("a", 5).orElseThrow());
        }
        held.subList(0, 3).forEach(Slots.Slot::release);
        assertThat(slots.take("a", 2)).isEmpty();

        held.get(3).release();
        assertThat(slots.take("a", 2)).isPresent();
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
                        slots.take("a", 3).ifPresent(slot -> {
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
}
