package dev.tollgate.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Slots.Slot;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.ManualTimers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LeasingSlotsTest {
    private static final String NAME = "key:a";

    private final ManualTime time = new ManualTime();
    private final ManualTimers timers = new ManualTimers(time);
    private final SlotTable table = new SlotTable(time);
    private final Line here = new Line("here");
    private final LeasingSlots slots = new LeasingSlots(here, 3, timers, time, new LeaseCounts(line -> {}));
    private final LeasingSlots others =
            new LeasingSlots(new Line("there"), 3, timers, time, new LeaseCounts(line -> {}));

    @Test
    void aSmallLimitHoldsToTheCallOverAllNodes() {
        for (int i = 0; i < 3; i++) {
            taken(slots, 5);
        }
        taken(others, 5);
        taken(others, 5);

        assertThat(refused(slots, 5) && refused(others, 5)).isTrue();
        assertThat(table.held(NAME)).isEqualTo(5);
    }

    @Test
    void aSlotThatIsFreedHereCanBeTakenThere() {
        Slot slot = taken(slots, 1);
        assertThat(refused(others, 1)).isTrue();
        pass(100);

        slot.release();

        assertThat(taken(others, 1)).isNotNull();
    }

    @Test
    void aSlotIsFreedOnce() {
        Slot slot = taken(slots, 2);
        taken(slots, 2);

        slot.release();
        slot.release();

        assertThat(slots.held(NAME)).isEqualTo(1);
        assertThat(table.held(NAME)).isEqualTo(1);
    }

    @Test
    void aLargeLimitIsMostlyTakenWithoutAsking() {
        List<Slot> held = new ArrayList<>();
        int before = here.operations;
        for (int call = 0; call < 2_000; call++) {
            held.add(taken(slots, 10_000));
            if (held.size() > 400) {
                held.remove(0).release();
            }
            pass(1);
        }

        assertThat(here.operations - before).isLessThan(120);
        held.forEach(Slot::release);
        pass(3_000);
        assertThat(table.held(NAME)).isZero();
    }

    @Test
    void refusalsAreRememberedForATenthOfASecond() {
        taken(slots, 1);
        here.operations = 0;
        for (int call = 0; call < 10_000; call++) {
            slots.take(NAME, 1, OnLoss.STRICT);
            timers.pass(200_000);
        }

        assertThat(here.operations).isLessThanOrEqualTo(21);
    }

    @Test
    void callsUnderWayKeepTheirSlotsForAsLongAsTheyRun() {
        taken(slots, 1);

        pass(120_000);

        assertThat(table.held(NAME)).isEqualTo(1);
        assertThat(refused(others, 1)).isTrue();
    }

    @Test
    void theSlotsOfANodeThatIsGoneComeBack() {
        taken(slots, 1);
        here.silent = true;

        pass(16_000);

        assertThat(taken(others, 1)).isNotNull();
    }

    @Test
    void aNodeThatWasPausedAsksBeforeItLetsCallsThrough() {
        Slot first = taken(slots, 2);
        taken(slots, 2);
        first.release();
        time.pass(Duration.ofSeconds(20));
        table.hold("there", NAME, 2, 2, 2);

        assertThat(slots.take(NAME, 2, OnLoss.STRICT).toCompletableFuture().getNow(Optional.empty()))
                .isEmpty();
    }

    @Test
    void whatAPausedNodeHeldInAdvanceIsNotUsed() {
        for (int call = 0; call < 50; call++) {
            taken(slots, 1_000);
        }
        assertThat(slots.usable(NAME, OnLoss.STRICT)).isGreaterThan(50);
        time.pass(Duration.ofSeconds(20));

        assertThat(slots.usable(NAME, OnLoss.STRICT)).isZero();
    }

    @Test
    void aRefusalIsTriedAgainForASlotThatIsOnItsWay() {
        Slot slot = taken(others, 1);
        CompletableFuture<Optional<Slot>> waiting =
                slots.take(NAME, 1, OnLoss.STRICT).toCompletableFuture();
        pass(10);
        slot.release();
        pass(10);

        assertThat(waiting.join()).isPresent();
    }

    @Test
    void aSilentClusterIsWaitedForAQuarterOfASecond() {
        here.silent = true;
        CompletableFuture<Optional<Slot>> strict =
                slots.take(NAME, 5, OnLoss.STRICT).toCompletableFuture();
        CompletableFuture<Optional<Slot>> open =
                slots.take(NAME, 5, OnLoss.OPEN).toCompletableFuture();
        pass(249);
        assertThat(strict).isNotDone();
        pass(1);

        assertThat(strict).isCompletedExceptionally();
        assertThat(open.join()).isPresent();
        open.join().orElseThrow().release();
        assertThat(slots.held(NAME)).isZero();
    }

    @Test
    void allIsGivenUpOnClose() {
        taken(slots, 5);
        taken(slots, 5);

        slots.close();

        assertThat(table.held(NAME)).isZero();
    }

    @Test
    void namesNoLongerUsedTakeNoMemory() {
        taken(slots, 5).release();

        pass(12_000);

        assertThat(slots.names()).isZero();
    }

    private Slot taken(LeasingSlots from, long most) {
        CompletableFuture<Optional<Slot>> answer =
                from.take(NAME, most, OnLoss.STRICT).toCompletableFuture();
        return answer.join().orElseThrow();
    }

    private boolean refused(LeasingSlots from, long most) {
        CompletableFuture<Optional<Slot>> answer =
                from.take(NAME, most, OnLoss.STRICT).toCompletableFuture();
        pass(25);
        return answer.join().isEmpty();
    }

    private void pass(long millis) {
        timers.pass(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** A node's way to the table, which answers at once or not at all. */
    private final class Line implements SharedSlots {
        private final String node;
        private int operations;
        private boolean silent;

        Line(String node) {
            this.node = node;
        }

        @Override
        public CompletionStage<Holding> hold(String name, long most, OnLoss onLoss, long least, long wanted) {
            return answer(() -> table.hold(node, name, most, least, wanted));
        }

        @Override
        public CompletionStage<Void> renew(Map<SlotName, Long> held) {
            return answer(() -> {
                table.renew(node, held);
                return null;
            });
        }

        @Override
        public void close() {}

        private <T> CompletionStage<T> answer(Supplier<T> operation) {
            operations++;
            return silent ? new CompletableFuture<>() : CompletableFuture.completedStage(operation.get());
        }
    }
}
