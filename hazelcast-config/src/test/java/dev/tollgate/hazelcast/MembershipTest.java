package dev.tollgate.hazelcast;

import static dev.tollgate.hazelcast.HazelcastStoreTest.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.tollgate.cluster.Grid;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Cluster;
import dev.tollgate.config.Settings.Discovery;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.lease.SharedSlots.Holding;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ways into a cluster that others have started, and what is said where something is missing. */
class MembershipTest {
    private static final Logger HAZELCAST = Logger.getLogger("com.hazelcast");

    private final String name = "theirs-" + UUID.randomUUID();
    private final int port = TestCluster.freePorts(1).get(0);

    @BeforeEach
    void quiet() {
        HAZELCAST.setLevel(Level.OFF);
    }

    @AfterEach
    void stop() {
        HazelcastInstance theirs = Hazelcast.getHazelcastInstanceByName(name);
        if (theirs != null) {
            theirs.getLifecycleService().terminate();
        }
    }

    @Test
    void anInstanceThatIsThereIsUsedAndLeftRunning() throws Exception {
        HazelcastInstance theirs = Hazelcast.newHazelcastInstance(theirConfig());

        try (Grid grid = open(new Discovery.Instance(name))) {
            assertItWorks(grid);
        }

        assertThat(theirs.getLifecycleService().isRunning()).isTrue();
    }

    @Test
    void anInstanceWithoutProtectionIsRefusedWithWhatItNeeds() {
        Hazelcast.newHazelcastInstance(theirConfig());

        assertThatIllegalStateException()
                .isThrownBy(() -> new HazelcastClusterProvider().open(cluster(new Discovery.Instance(name), 3), "node"))
                .withMessageContaining("no split-brain protection called 'tollgate-majority'")
                .withMessageContaining("minimum-cluster-size: 2");
    }

    @Test
    void anInstanceThatIsNotThereIsNamed() {
        assertThatIllegalStateException()
                .isThrownBy(() -> open(new Discovery.Instance("nobody")))
                .withMessageContaining("no Hazelcast instance called 'nobody'");
    }

    @Test
    void aClientUsesTheMembersOfAnother() throws Exception {
        Hazelcast.newHazelcastInstance(theirConfig());

        try (Grid grid = open(client())) {
            assertItWorks(grid);
            assertThat(get(grid.slots().hold("calls", 10, OnLoss.STRICT, 1, 3))).isEqualTo(new Holding(3, 7));
        }
    }

    @Test
    void aClientOfMembersWithoutOurClassesSaysWhichJarTheyNeed() throws Exception {
        try (WithoutOurs others = new WithoutOurs(name, port)) {
            assertThat(others.alone).isNotNull();
            assertThatIllegalStateException()
                    .isThrownBy(() -> open(client()))
                    .withMessageContaining("tollgate-cluster-<version>.jar")
                    .withMessageContaining("127.0.0.1");
        }
    }

    @Test
    void aMemberOfAnOldHazelcastIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> HazelcastRelease.check("5.6.1"))
                .withMessageContaining("5.7.0 or later")
                .withMessageContaining("5.6.1");
        HazelcastRelease.check("5.7.0");
        HazelcastRelease.check("5.10.2-SNAPSHOT");
        HazelcastRelease.check("6.0.0");
    }

    @Test
    void aPublicAddressIsRefusedUnlessItIsAllowed() {
        Cluster anywhere = new Cluster(List.of("0.0.0.0:" + port), "0.0.0.0:" + port, name);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HazelcastClusterProvider().open(anywhere, "node"))
                .withMessageContaining("neither loopback nor private")
                .withMessageContaining("allow-public");
    }

    @Test
    void theAddressToBindIsFoundByItsNetworkOrItsInterface() {
        Discovery dns = new Discovery.Dns("localhost", 5900);

        assertThat(Binding.of(new Cluster(dns, "127.0.0.0/8", false, name, 2))).hasToString("127.0.0.1:5900");
        assertThat(Binding.of(new Cluster(dns, "lo", false, name, 2))).hasToString("127.0.0.1:5900");
        assertThatThrownBy(() -> Binding.of(new Cluster(dns, "198.51.100.0/24", false, name, 2)))
                .hasMessageContaining("no address in 198.51.100.0/24");
    }

    @Test
    void membersAreFoundByAName() throws Exception {
        assertThat(new DnsDiscovery("localhost", 5900).find()).anySatisfy(node -> {
            assertThat(node.getPrivateAddress().getInetAddress())
                    .isEqualTo(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
            assertThat(node.getPrivateAddress().getPort()).isEqualTo(5900);
        });
    }

    @Test
    void aNodeAloneAtItsNameStarts() throws Exception {
        Cluster byName = new Cluster(new Discovery.Dns("localhost", port), "127.0.0.1", false, name, 1);

        try (Grid grid = new HazelcastClusterProvider().open(byName, "node")) {
            assertItWorks(grid);
        }
    }

    private Discovery client() {
        return new Discovery.Client(List.of("127.0.0.1:" + port), name);
    }

    private Grid open(Discovery discovery) {
        return new HazelcastClusterProvider().open(cluster(discovery, 1), "node");
    }

    private Cluster cluster(Discovery discovery, int size) {
        return new Settings.Cluster(discovery, null, false, name, size);
    }

    private static void assertItWorks(Grid grid) throws Exception {
        Allowance bucket = new Allowance("bucket", new Shape.Bucket(3, Duration.ofDays(1)), OnLoss.STRICT);
        assertThat(get(grid.limits().take(bucket, 2, 0)).remaining()).isEqualTo(1);
        assertThat(get(grid.limits().take(bucket, 2, 0)).taken()).isFalse();
    }

    private Config theirConfig() {
        Config config = new Config(name);
        config.setClusterName(name);
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "jdk");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.getJetConfig().setEnabled(false);
        config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        return config;
    }

    /** A member on whose class path there is Hazelcast's JAR only. */
    private static final class WithoutOurs implements AutoCloseable {
        private final URLClassLoader alone = new URLClassLoader(
                new URL[] {Hazelcast.class.getProtectionDomain().getCodeSource().getLocation()},
                ClassLoader.getPlatformClassLoader());

        WithoutOurs(String name, int port) throws ReflectiveOperationException {
            String xml = ("<hazelcast xmlns='http://www.hazelcast.com/schema/config'><cluster-name>%s</cluster-name>"
                            + "<properties><property name='hazelcast.phone.home.enabled'>false</property>"
                            + "<property name='hazelcast.logging.type'>none</property></properties>"
                            + "<network><port auto-increment='false'>%d</port>"
                            + "<join><multicast enabled='false'/><auto-detection enabled='false'/></join>"
                            + "<interfaces enabled='true'><interface>127.0.0.1</interface></interfaces></network>"
                            + "</hazelcast>")
                    .formatted(name, port);
            Class<?> config = alone.loadClass("com.hazelcast.config.Config");
            Object read = config.getMethod("loadFromString", String.class, Properties.class)
                    .invoke(null, xml, new Properties());
            // Hazelcast would look for classes in the context as well.
            ClassLoader before = Thread.currentThread().getContextClassLoader();
            Thread.currentThread().setContextClassLoader(alone);
            try {
                alone.loadClass("com.hazelcast.core.Hazelcast")
                        .getMethod("newHazelcastInstance", config)
                        .invoke(null, read);
            } finally {
                Thread.currentThread().setContextClassLoader(before);
            }
        }

        @Override
        public void close() throws ReflectiveOperationException, IOException {
            alone.loadClass("com.hazelcast.core.Hazelcast")
                    .getMethod("shutdownAll")
                    .invoke(null);
            alone.close();
        }
    }
}
