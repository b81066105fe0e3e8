package dev.tollgate.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.tollgate.cluster.ClusterProvider;
import dev.tollgate.cluster.Grid;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore;
import dev.tollgate.usage.LocalUsage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Makes this JVM a member of the cluster that the configuration names, and opens what its members share. */
public final class HazelcastClusterProvider implements ClusterProvider {
    private static final Logger LOG = System.getLogger(HazelcastClusterProvider.class.getName());

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException when the configuration does not say which address this node binds to
     */
    @Override
    public Grid open(Settings.Cluster cluster, String nodeId) {
        Endpoint bind = Endpoint.toBind(cluster);
        warn(cluster, bind);
        Config config = MemberConfig.of(cluster, bind);
        CallbackThreads.ensureThereAreSome();
        HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
        HazelcastStore store = new HazelcastStore(
                member.getMap(MemberConfig.BUCKETS),
                new ClusterClock(member.getCluster()),
                HazelcastStore.DEADLINE,
                member::shutdown);
        warmUp(store);
        HazelcastPins pins = new HazelcastPins(member.getMap(MemberConfig.PINS), HazelcastStore.DEADLINE);
        return new HazelcastGrid(
                store, pins, new LocalUsage(System::nanoTime), cluster.members().size());
    }

    /** Asks once and forgets the answer: the first question loads classes, which may take longer than calls wait. */
    private static void warmUp(LimitStore store) {
        store.waitNanos(new Allowance("warm-up", new Shape.Bucket(1, Duration.ofSeconds(1)), OnLoss.STRICT), 1, 0)
                .exceptionally(failure -> 0L)
                .toCompletableFuture()
                .join();
    }

    private static void warn(Settings.Cluster cluster, Endpoint bind) {
        if (!bind.isInternal()) {
            LOG.log(
                    Level.WARNING,
                    "THE CLUSTER PORT IS BOUND TO {0}, WHICH IS NEITHER LOOPBACK NOR PRIVATE. Whoever reaches it can join "
                            + "the cluster and read and change every limit: Hazelcast''s community edition has neither "
                            + "passwords nor TLS there. Bind to a private address, or close the port to all but the members.",
                    bind);
        }
        if (cluster.members().size() == 2) {
            LOG.log(
                    Level.WARNING,
                    "With two members each goes on alone when it cannot see the other, so for that time up to twice as many "
                            + "requests get through as a limit says. Three members do not have this weakness.");
        }
    }
}
