package dev.tollgate.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.lease.LeaseSimulationTest.Sky;
import dev.tollgate.limit.Slots.Slot;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.ManualTimers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Thousands of short lives of a cluster that counts calls under way, each by its seed, which a failure names. */
class SlotSimulationTest {
    private static final int SEEDS = Integer.getInteger("tollgate.seeds", 150);
    private static final long FIRST = Long.getLong("tollgate.seed", 1);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    // For an operation that is under way, for the call's own, and for a second one after a refusal.
    private static final long LONGEST_WAIT = 2 * LeaseDesk.DEADLINE_NANOS + 20 * MILLI + LeaseDesk.DEADLINE_NANOS;
    private static final String NAME = "calls";

    @ParameterizedTest
    @EnumSource(Sky.class)
    void noMoreCallsAreUnderWayThanMayBeAndAllSlotsComeBack(Sky sky) {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            try {
                new Simulation(seed, sky).run();
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError("seed " + seed + ", " + sky, failed);
            }
        }
    }

    private static final class Simulation {
        private final SplittableRandom random;
        private final Sky sky;
        private final long most;
        private final ManualTime time = new ManualTime();
        private final ManualTimers there = new ManualTimers(time);
        private final SlotTable table = new SlotTable(time);
        private final List<Node> nodes = new ArrayList<>();
        private long mostUnderWay;
        private long longestWait;

        Simulation(long seed, Sky sky) {
            this.random = new SplittableRandom(seed);
            this.sky = sky;
            this.most = random.nextInt(3) == 0 ? 40 + random.nextInt(200) : 1 + random.nextInt(20);
            int members = 1 + random.nextInt(4);
            for (int i = 0; i < members; i++) {
                nodes.add(new Node("node-" + i, members));
            }
        }

        void run() {
            for (int i = 0; i < 150; i++) {
                Node node = nodes.get(random.nextInt(nodes.size()));
                if (time.getAsLong() >= node.pausedUntil) {
                    node.takeSome(1 + random.nextInt((int) Math.max(1, most / 4)));
                    node.releaseSome(random.nextInt(node.slots.size() + 1));
                }
                change(node);
                pass(random.nextInt(10) == 0 ? random.nextLong(4_000 * MILLI) : random.nextLong(30 * MILLI));
            }
            end();
        }

        private void change(Node node) {
            // Shorter than the expiry, so that no call outlives the slots it holds.
            if (sky != Sky.FAIR && random.nextInt(60) == 0) {
                node.pausedUntil = time.getAsLong() + random.nextLong(6_000 * MILLI);
            }
            if (sky == Sky.CHANGING && random.nextInt(30) == 0) {
                List<Weather> weathers = List.of(Weather.FAIR, Weather.SLOW, Weather.FOUL, Weather.STORM);
                node.network.turn(weathers.get(random.nextInt(weathers.size())));
            }
        }

        private void end() {
            pass(20_000 * MILLI);
            nodes.forEach(node -> node.network.turn(Weather.FAIR));
            pass(20_000 * MILLI);
            for (Node node : nodes) {
                assertThat(node.open).as("calls that wait").isZero();
                assertThat(node.leasing.held(NAME)).isEqualTo(node.slots.size());
                assertThat(table.heldBy(node.id, NAME)).isEqualTo(node.slots.size());
                node.releaseSome(node.slots.size());
            }
            pass(3_000 * MILLI);
            assertThat(table.held(NAME)).isZero();
            nodes.get(0).takeSome(1);
            pass(500 * MILLI);
            assertThat(nodes.get(0).slots).hasSize(1);
            nodes.get(0).releaseSome(1);
            pass(15_000 * MILLI);
            assertThat(nodes)
                    .allSatisfy(node -> assertThat(node.leasing.names()).isZero());
        }

        void pass(long nanos) {
            long end = time.getAsLong() + nanos;
            while (true) {
                ManualTimers next = there;
                long at = there.next();
                for (Node node : nodes) {
                    long due = node.timers.next();
                    due = due == Long.MAX_VALUE ? due : Math.max(due, node.pausedUntil);
                    if (due < at) {
                        at = due;
                        next = node.timers;
                    }
                }
                if (at > end) {
                    break;
                }
                time.passNanos(Math.max(0, at - time.getAsLong()));
                next.runNext();
                look();
            }
            time.passNanos(end - time.getAsLong());
        }

        /** The cluster never counts less for a node than new calls may use there, nor more in all than may be. */
        private void look() {
            for (Node node : nodes) {
                assertThat(table.heldBy(node.id, NAME))
                        .isGreaterThanOrEqualTo(node.leasing.usable(NAME, OnLoss.STRICT));
            }
            assertThat(table.hasLapsed() && (sky == Sky.FAIR || sky == Sky.SLOW))
                    .isFalse();
            if (!table.hasLapsed()) {
                assertThat(mostUnderWay).as("calls under way").isLessThanOrEqualTo(most);
            }
            assertThat(longestWait).as("nanoseconds that a call waited").isLessThanOrEqualTo(LONGEST_WAIT);
        }

        private long underWay() {
            return nodes.stream().mapToLong(node -> node.slots.size()).sum();
        }

        private final class Node {
            private final String id;
            private final ManualTimers timers = new ManualTimers(time);
            private final SimulatedNetwork network;
            private final LeasingSlots leasing;
            private final List<Slot> slots = new ArrayList<>();
            private long pausedUntil;
            private int open;

            Node(String id, int members) {
                this.id = id;
                this.network = new SimulatedNetwork(there, timers, sky.weather(), random);
                this.leasing = new LeasingSlots(
                        new Way(id, table, network), members, timers, time, new LeaseCounts(line -> {}));
            }

            void takeSome(int number) {
                for (int i = 0; i < number; i++) {
                    open++;
                    long asked = time.getAsLong();
                    leasing.take(NAME, most, OnLoss.STRICT).whenComplete((slot, failure) -> {
                        open--;
                        longestWait = Math.max(longestWait, time.getAsLong() - Math.max(asked, pausedUntil));
                        if (slot != null) {
                            slot.ifPresent(slots::add);
                            mostUnderWay = Math.max(mostUnderWay, underWay());
                        }
                    });
                }
            }

            void releaseSome(int number) {
                for (int i = 0; i < number; i++) {
                    Slot slot = slots.remove(random.nextInt(slots.size()));
                    slot.release();
                    slot.release();
                }
            }
        }
    }

    /** One node's way to the table. */
    private record Way(String node, SlotTable table, SimulatedNetwork network) implements SharedSlots {
        @Override
        public CompletionStage<Holding> hold(String name, long most, OnLoss onLoss, long least, long wanted) {
            return network.ask(() -> CompletableFuture.completedStage(table.hold(node, name, most, least, wanted)));
        }

        @Override
        public CompletionStage<Void> renew(Map<SlotName, Long> held) {
            return network.ask(() -> {
                table.renew(node, held);
                return CompletableFuture.completedStage(null);
            });
        }

        @Override
        public void close() {}
    }
}
