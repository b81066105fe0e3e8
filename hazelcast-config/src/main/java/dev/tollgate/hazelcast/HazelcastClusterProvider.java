package dev.tollgate.hazelcast;

import dev.tollgate.cluster.ClusterProvider;
import dev.tollgate.cluster.Grid;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Discovery;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.lease.SharedSlots;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes this JVM a part of the cluster that the configuration names, and opens what its members share. */
public final class HazelcastClusterProvider implements ClusterProvider {
    private static final Duration PIN_DEADLINE = Duration.ofMillis(250);
    private static final long WARM_UP_SECONDS = 5;

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException when the configuration cannot be used on this machine
     * @throws IllegalStateException when the cluster lacks something, which it names
     */
    @Override
    public Grid open(Settings.Cluster cluster, String nodeId) {
        Membership membership = Membership.of(cluster);
        ClusterClock clock = membership.clock();
        ClusterWatch watch = new ClusterWatch(clock, InstantSource.system());
        AtomicBoolean left = new AtomicBoolean();
        HazelcastStore limits = new HazelcastStore(membership.instance(), nodeId, cluster.size(), clock, () -> {
            if (left.compareAndSet(false, true)) {
                watch.close();
                membership.leaving().run();
            }
        });
        HazelcastSlots slots =
                new HazelcastSlots(membership.instance(), membership.member(), nodeId, cluster.size(), clock);
        warmUp(limits);
        warmUp(slots);
        watch.start(membership.instance(), !(cluster.discovery() instanceof Discovery.Client));
        return new HazelcastGrid(
                limits,
                slots,
                new HazelcastPins(membership.instance().getMap(SharedMaps.PINS), PIN_DEADLINE),
                new HazelcastUsage(membership.instance().getMap(SharedMaps.USAGE), clock, watch),
                new HazelcastHints(membership.instance().getTopic(HazelcastHints.TOPIC), nodeId),
                cluster.size());
    }

    /** Asks once and forgets the answers: the first questions load classes, which may take longer than calls wait. */
    private static void warmUp(LimitStore store) {
        ask(store, new Shape.Bucket(1, Duration.ofSeconds(1)));
        ask(store, new Shape.Window(1, Instant.EPOCH));
    }

    /** Wishes for two slots of one, which are never there, so that none is held. */
    private static void warmUp(SharedSlots slots) {
        await(slots.hold("warm-up", 1, OnLoss.SHARE, 2, 2));
    }

    private static void ask(LimitStore store, Shape shape) {
        await(store.waitNanos(new Allowance("warm-up", shape, OnLoss.SHARE), 1, 0));
    }

    private static void await(CompletionStage<?> answer) {
        answer.thenAccept(ignored -> {})
                .toCompletableFuture()
                .completeOnTimeout(null, WARM_UP_SECONDS, TimeUnit.SECONDS)
                .exceptionally(failure -> null)
                .join();
    }
}
