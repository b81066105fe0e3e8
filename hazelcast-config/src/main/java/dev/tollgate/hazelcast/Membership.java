package dev.tollgate.hazelcast;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.ClientConnectionStrategyConfig.ReconnectMode;
import com.hazelcast.config.MapConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Discovery;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.UUID;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * A node's way into a cluster.
 *
 * @param member the member that this node is, or an empty text for a client
 * @param clock the time of the cluster in nanoseconds since 1970
 * @param leaving ends what was begun for it
 */
record Membership(HazelcastInstance instance, Supplier<String> member, ClusterClock clock, Runnable leaving) {
    private static final Logger LOG = System.getLogger(Membership.class.getName());

    /**
     * Joins.
     *
     * @throws IllegalArgumentException when the configuration cannot be used on this machine
     * @throws IllegalStateException when something is missing, which it names
     */
    static Membership of(Settings.Cluster cluster) {
        HazelcastRelease.check();
        CallbackThreads.ensureThereAreSome();
        Discovery discovery = cluster.discovery();
        if (discovery instanceof Discovery.Instance instance) {
            return ofContainer(find(instance.name()), cluster.size());
        }
        if (discovery instanceof Discovery.Client client) {
            return asClient(client, cluster.size());
        }
        return asMember(cluster);
    }

    private static Membership asMember(Settings.Cluster cluster) {
        Endpoint bind = Binding.of(cluster).resolved();
        if (!bind.isInternal()) {
            checkPublic(cluster, bind);
        }
        HazelcastInstance instance = Hazelcast.newHazelcastInstance(MemberConfig.of(cluster, bind));
        Reach.of(instance);
        return new Membership(instance, () -> uuid(instance), Introductions.timeOf(instance), instance::shutdown);
    }

    private static void checkPublic(Settings.Cluster cluster, Endpoint bind) {
        if (!cluster.allowPublic()) {
            throw new IllegalArgumentException("cluster: this node would be at " + bind
                    + ", which is neither loopback nor private: whoever reaches the cluster's port can read and change every "
                    + "limit. Bind to a private address, or add 'allow-public: true' behind a firewall");
        }
        LOG.log(
                Level.WARNING,
                "THE CLUSTER PORT IS BOUND TO {0}, WHICH IS NEITHER LOOPBACK NOR PRIVATE. Whoever reaches it can join the "
                        + "cluster and read and change every limit: Hazelcast''s community edition has neither passwords nor "
                        + "TLS there. Close the port to all but the members.",
                bind);
    }

    static Membership ofContainer(HazelcastInstance instance, int size) {
        Introductions.check(instance, size);
        configureMaps(instance, size);
        Reach.of(instance);
        return new Membership(instance, () -> uuid(instance), Introductions.timeOf(instance), () -> {});
    }

    private static String uuid(HazelcastInstance instance) {
        return instance.getCluster().getLocalMember().getUuid().toString();
    }

    private static Membership asClient(Discovery.Client client, int size) {
        HazelcastInstance instance = connect(client);
        try {
            Introductions.check(instance, size);
            configureMaps(instance, size);
            return new Membership(instance, () -> "", Introductions.timeOf(instance), instance::shutdown);
        } catch (RuntimeException e) {
            instance.shutdown();
            throw e;
        }
    }

    private static HazelcastInstance connect(Discovery.Client client) {
        ClientConfig config = new ClientConfig();
        config.setInstanceName("tollgate-client-" + UUID.randomUUID());
        config.setClusterName(client.name());
        config.setClassLoader(Membership.class.getClassLoader());
        config.setSerializationConfig(MemberConfig.serialization());
        config.getMetricsConfig().setEnabled(false);
        client.addresses()
                .forEach(address -> config.getNetworkConfig()
                        .addAddress(Endpoint.parse(address).toString()));
        // Calls fail at once while the cluster is away, rather than wait for it.
        config.getConnectionStrategyConfig().setReconnectMode(ReconnectMode.ASYNC);
        config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(20_000);
        config.setProperty("hazelcast.logging.type", "jdk");
        config.setProperty("hazelcast.client.heartbeat.interval", "1000");
        config.setProperty("hazelcast.client.heartbeat.timeout", "5000");
        config.setProperty("hazelcast.client.invocation.timeout.seconds", "5");
        try {
            return HazelcastClient.newHazelcastClient(config);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "cluster: no member of the cluster '" + client.name() + "' answers at " + client.addresses()
                            + ", or it takes no clients",
                    e);
        }
    }

    private static void configureMaps(HazelcastInstance instance, int size) {
        for (MapConfig map : SharedMaps.configs(size)) {
            try {
                instance.getConfig().addMapConfig(map);
                instance.getMap(map.getName());
            } catch (RuntimeException e) {
                throw new IllegalStateException(
                        "cluster: the map '" + map.getName() + "' cannot be made as it must be (" + e.getMessage()
                                + "). Remove it from the configuration of Hazelcast, give all nodes the same size, and see "
                                + "that the class loader of every member finds tollgate-cluster-<version>.jar",
                        e);
            }
        }
    }

    @SuppressWarnings(
            "BanJNDI") // the name comes from the operator's file and begins with java:, so it stays in the container
    private static HazelcastInstance find(String name) {
        if (name.startsWith("java:")) {
            try {
                if (InitialContext.doLookup(name) instanceof HazelcastInstance instance) {
                    return instance;
                }
            } catch (NamingException e) {
                throw new IllegalStateException("cluster: nothing is bound to " + name, e);
            }
            throw new IllegalStateException(
                    "cluster: what is bound to " + name + " is no Hazelcast instance of the Hazelcast "
                            + "that the gateway sees; its JAR must be in one place, that of the container");
        }
        HazelcastInstance instance = Hazelcast.getHazelcastInstanceByName(name);
        if (instance == null) {
            throw new IllegalStateException("cluster: this JVM has no Hazelcast instance called '" + name + "'"
                    + "; it must be started before the gateway, of the same Hazelcast JAR");
        }
        return instance;
    }
}
