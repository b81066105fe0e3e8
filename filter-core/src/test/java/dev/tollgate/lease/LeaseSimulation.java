package dev.tollgate.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore.Verdict;
import dev.tollgate.limit.LocalStore;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.ManualTimers;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Some nodes over one store, with clocks and messages of their own making: by a seed, always the same. A run takes, gives back
 * and charges at random, pauses nodes, changes the weather, and watches that nothing is there twice.
 */
final class LeaseSimulation {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    // Who comes while a question is under way waits for that one, and for his own, and for a second one after a
    // refusal.
    private static final long LONGEST_WAIT = 3 * LeaseDesk.DEADLINE_NANOS;

    final SplittableRandom random;
    final ManualTime time = new ManualTime();
    final ManualTimers there = new ManualTimers(time);
    final LocalStore cluster = new LocalStore(time, () -> Instant.EPOCH.plusNanos(time.getAsLong()));
    final List<Node> nodes = new ArrayList<>();
    final List<Admission> admissions = new ArrayList<>();
    final Allowance allowance;
    final Lending lending;
    long takenBack;
    private long longestWait;
    private @Nullable Verdict unsound;

    LeaseSimulation(long seed, Shape shape, int members, Weather weather) {
        this.random = new SplittableRandom(seed);
        this.allowance = new Allowance("simulated", shape, OnLoss.STRICT);
        this.lending = new Lending(members);
        for (int i = 0; i < members; i++) {
            nodes.add(new Node(members, weather));
        }
    }

    /** One of the nodes, which may be paused: its timers do not run then, and answers wait for it. */
    final class Node {
        final ManualTimers timers = new ManualTimers(time);
        final SimulatedNetwork network;
        final LeasingStore store;
        final LeaseCounts counts = new LeaseCounts(line -> {});
        final List<Long> toGiveBack = new ArrayList<>();
        long pausedUntil;
        int open;

        Node(int members, Weather weather) {
            network = new SimulatedNetwork(there, timers, weather, random);
            store = new LeasingStore(new SimulatedGrid(cluster, network), members, timers, time, counts);
        }

        boolean isPaused() {
            return time.getAsLong() < pausedUntil;
        }

        void take(long amount, long leaving, boolean returns) {
            long asked = time.getAsLong();
            open++;
            store.take(allowance, amount, leaving).whenComplete((verdict, failure) -> {
                open--;
                longestWait = Math.max(longestWait, time.getAsLong() - Math.max(asked, pausedUntil));
                if (failure == null) {
                    note(amount, asked, verdict, returns);
                }
            });
        }

        private void note(long amount, long asked, Verdict verdict, boolean returns) {
            if (verdict.taken() != (verdict.waitNanos() == 0)) {
                unsound = verdict;
            }
            if (verdict.taken()) {
                admissions.add(new Admission(amount, asked, time.getAsLong()));
                if (returns) {
                    toGiveBack.add(1 + random.nextLong(amount));
                }
            }
        }

        void giveBackOne() {
            if (!toGiveBack.isEmpty()) {
                long amount = toGiveBack.remove(random.nextInt(toGiveBack.size()));
                takenBack += amount;
                store.giveBack(allowance, amount);
            }
        }
    }

    /** An amount that was let through, and when it was asked for and answered. */
    record Admission(long amount, long asked, long answered) {}

    /** Lets time pass for all, and looks at every step. */
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
        look();
    }

    /** What is left in the cluster and what nodes can take without asking are together never more than the capacity. */
    void look() {
        assertThat(longestWait).as("nanoseconds that a call waited").isLessThanOrEqualTo(LONGEST_WAIT);
        assertThat(unsound).isNull();
        long held = nodes.stream()
                .mapToLong(node -> node.store.held(allowance.name()))
                .sum();
        long tooMuch = allowance.shape().capacity() - held + 1;
        assertThat(tooMuch).isPositive();
        Long wait = cluster.waitNanos(lending.shared(allowance), tooMuch, 0)
                .toCompletableFuture()
                .join();
        assertThat(wait)
                .as("beside %s held there are %s in the cluster", held, tooMuch)
                .isPositive();
    }

    /** The history by itself: in no interval has more been let through than there was and came back. */
    void checkHistory() {
        Shape shape = allowance.shape();
        List<Admission> byAnswer = new ArrayList<>(admissions);
        byAnswer.sort(Comparator.comparingLong(Admission::answered));
        for (Admission first : admissions) {
            long sum = 0;
            for (Admission next : byAnswer) {
                sum += next.asked() >= first.asked() ? next.amount() : 0;
                assertThat(isWithin(shape, sum, next.answered() - first.asked()))
                        .as("%s let through from %s to %s", sum, first.asked(), next.answered())
                        .isTrue();
            }
        }
    }

    private static boolean isWithin(Shape shape, long sum, long nanos) {
        if (sum <= shape.capacity()) {
            return true;
        }
        if (!(shape instanceof Shape.Bucket bucket)) {
            return false;
        }
        BigInteger period = BigInteger.valueOf(bucket.period().toNanos());
        BigInteger most = BigInteger.valueOf(bucket.capacity()).multiply(period.add(BigInteger.valueOf(nanos)));
        return BigInteger.valueOf(sum).multiply(period).compareTo(most) <= 0;
    }

    long admitted() {
        return admissions.stream().mapToLong(Admission::amount).sum();
    }

    /** What can be taken of the cluster. */
    long left() {
        long low = 0;
        long high = allowance.shape().capacity();
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            Long wait = cluster.waitNanos(lending.shared(allowance), middle, 0)
                    .toCompletableFuture()
                    .join();
            if (wait == 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    Node anyNode() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    /** A while between two calls: mostly none or short. */
    long gap() {
        return switch (random.nextInt(12)) {
            case 0 -> random.nextLong(400 * MILLI);
            case 1 -> random.nextInt(4) == 0 ? random.nextLong(6_000 * MILLI) : 0;
            case 2, 3, 4, 5, 6 -> random.nextLong(15 * MILLI);
            default -> 0;
        };
    }
}
