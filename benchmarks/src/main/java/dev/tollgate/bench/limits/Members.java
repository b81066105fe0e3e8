package dev.tollgate.bench.limits;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.tollgate.cluster.ClusterProvider;
import dev.tollgate.cluster.Grid;
import dev.tollgate.config.Settings;
import io.github.bucket4j.grid.hazelcast.HazelcastProxyManager;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One JVM's part of two clusters of two members: Tollgate's own, and a plain one as Bucket4j is used with elsewhere. */
final class Members implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 60_000;

    /** What the members say goes to nobody; what matters is seen in the figures. */
    private static final Logger HAZELCAST = Logger.getLogger("com.hazelcast");

    private final Grid grid;
    private final HazelcastInstance plain;
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

    /**
     * @param self which of the two this is
     * @param ports those of Tollgate's cluster and then those of the plain one
     */
    Members(int self, List<Integer> ports) {
        HAZELCAST.setLevel(Level.OFF);
        this.plain = Hazelcast.newHazelcastInstance(plain(ports.get(2 + self), ports.subList(2, 4)));
        this.grid = ServiceLoader.load(ClusterProvider.class)
                .findFirst()
                .orElseThrow()
                .open(
                        new Settings.Cluster(addresses(ports.subList(0, 2)), address(ports.get(self)), "bench"),
                        "node-" + self);
    }

    private static Config plain(int port, List<Integer> ports) {
        Config config = new Config().setClusterName("plain").setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setMembers(addresses(ports));
        HazelcastProxyManager.addCustomSerializers(config.getSerializationConfig(), 1000);
        return config;
    }

    private static List<String> addresses(List<Integer> ports) {
        return ports.stream().map(Members::address).toList();
    }

    private static String address(int port) {
        return "127.0.0.1:" + port;
    }

    /** Waits until both clusters are whole and everything has its backup. */
    void awaitEachOther() throws InterruptedException {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (!Hazelcast.getAllHazelcastInstances().stream().allMatch(Members::isWhole)) {
            if (System.currentTimeMillis() > end) {
                throw new IllegalStateException("the members do not find each other");
            }
            Thread.sleep(100);
        }
    }

    private static boolean isWhole(HazelcastInstance member) {
        return member.getCluster().getMembers().size() == 2
                && member.getPartitionService().isClusterSafe();
    }

    Grid grid() {
        return grid;
    }

    HazelcastInstance plain() {
        return plain;
    }

    ScheduledExecutorService timers() {
        return timers;
    }

    @Override
    public void close() {
        timers.shutdownNow();
        plain.shutdown();
        grid.close();
    }
}
