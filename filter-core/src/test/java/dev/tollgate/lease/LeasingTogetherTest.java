package dev.tollgate.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore.Verdict;
import dev.tollgate.limit.LocalStore;
import dev.tollgate.limit.Slots.Slot;
import dev.tollgate.testing.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three nodes of one cluster, and many threads on each. */
class LeasingTogetherTest {
    private static final int NODES = 3;
    private static final int THREADS = 2;

    private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(2);
    private final ExecutorService network = Executors.newFixedThreadPool(2);
    private final ExecutorService callers = Executors.newFixedThreadPool(NODES * THREADS);

    @AfterEach
    void stop() {
        timers.shutdownNow();
        network.shutdownNow();
        callers.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void exactlyAsMuchIsLetThroughAsThereIs(boolean window) throws Exception {
        LocalStore cluster = new LocalStore(System::nanoTime, InstantSource.system());
        Shape shape = window
                ? new Shape.Window(20_000, Instant.now().plusSeconds(86_400))
                : new Shape.Bucket(20_000, Duration.ofDays(30_000));
        Allowance allowance = new Allowance("shared", shape, OnLoss.STRICT);
        List<LeasingStore> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            nodes.add(new LeasingStore(
                    new DistantStore(cluster, network), NODES, timers, System::nanoTime, new LeaseCounts(line -> {})));
        }

        // What other nodes hold comes back when they no longer use it, so all is taken in the end.
        AtomicInteger taken = new AtomicInteger();
        everywhere(node -> {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (taken.get() < 20_000 && System.nanoTime() - end < 0) {
                taken.addAndGet(took(nodes.get(node), allowance) ? 1 : 0);
            }
            return null;
        });
        assertThat(taken).hasValue(20_000);
        for (LeasingStore node : nodes) {
            assertThat(took(node, allowance)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 200})
    void noMoreCallsAreUnderWayThanMayBeAndAllSlotsComeBack(long most) throws Exception {
        SlotTable table = new SlotTable(new ManualTime());
        List<LeasingSlots> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            nodes.add(new LeasingSlots(
                    new DistantSlots("node-" + i, table, network),
                    NODES,
                    timers,
                    System::nanoTime,
                    new LeaseCounts(line -> {})));
        }
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger highest = new AtomicInteger();
        everywhere(node -> {
            for (int call = 0; call < 300; call++) {
                Optional<Slot> slot = join(
                        nodes.get(node).take("calls", most, OnLoss.STRICT).exceptionally(failure -> Optional.empty()));
                if (slot.isPresent()) {
                    highest.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    underWay.decrementAndGet();
                    slot.get().release();
                }
            }
            return null;
        });

        assertThat(highest.get()).isBetween(1, (int) most);
        assertThat(nodes).allSatisfy(node -> assertThat(node.held("calls")).isZero());
        Awaitility.await().untilAsserted(() -> assertThat(table.held("calls")).isZero());
    }

    /** A machine that is too busy to answer in time refuses; what it had taken all the same comes back. */
    private static boolean took(LeasingStore node, Allowance allowance) {
        return join(node.take(allowance, 1, 0).thenApply(Verdict::taken).exceptionally(failure -> false));
    }

    private interface Work {
        Void at(int node) throws Exception;
    }

    private void everywhere(Work work) throws Exception {
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < NODES * THREADS; i++) {
            int node = i % NODES;
            all.add(() -> work.at(node));
        }
        for (Future<Void> each : callers.invokeAll(all)) {
            each.get();
        }
    }

    private static <T> T join(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A store that other threads answer for. */
    private record DistantStore(LocalStore cluster, ExecutorService network) implements dev.tollgate.limit.LimitStore {
        @Override
        public CompletionStage<Verdict> take(Allowance allowance, long amount, long leaving) {
            return CompletableFuture.supplyAsync(() -> join(cluster.take(allowance, amount, leaving)), network);
        }

        @Override
        public CompletionStage<Long> waitNanos(Allowance allowance, long amount, long leaving) {
            return CompletableFuture.supplyAsync(() -> join(cluster.waitNanos(allowance, amount, leaving)), network);
        }

        @Override
        public void giveBack(Allowance allowance, long amount) {
            network.execute(() -> cluster.giveBack(allowance, amount));
        }

        @Override
        public void charge(Allowance allowance, long amount) {
            network.execute(() -> cluster.charge(allowance, amount));
        }

        @Override
        public void seed(Allowance window, long charged) {
            cluster.seed(window, charged);
        }

        @Override
        public CompletionStage<Boolean> first(String event, Instant until) {
            return cluster.first(event, until);
        }

        @Override
        public void close() {}
    }

    private record DistantSlots(String node, SlotTable table, ExecutorService network) implements SharedSlots {
        @Override
        public CompletionStage<Holding> hold(String name, long most, OnLoss onLoss, long least, long wanted) {
            return CompletableFuture.supplyAsync(() -> table.hold(node, name, most, least, wanted), network);
        }

        @Override
        public CompletionStage<Void> renew(Map<SlotName, Long> held) {
            return CompletableFuture.runAsync(() -> table.renew(node, held), network);
        }

        @Override
        public void close() {}
    }
}
