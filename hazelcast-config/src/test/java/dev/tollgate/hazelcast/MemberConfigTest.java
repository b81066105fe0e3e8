package dev.tollgate.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.instance.EndpointQualifier;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Discovery;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemberConfigTest {

    @Test
    void thereIsNoDoorButTheMembersOwnOnOneAddress() {
        Config config = config("10.0.0.5", "10.0.0.6");

        assertThat(config.getAdvancedNetworkConfig().isEnabled()).isTrue();
        assertThat(config.getAdvancedNetworkConfig().getEndpointConfigs()).containsOnlyKeys(EndpointQualifier.MEMBER);
        assertThat(config.getAdvancedNetworkConfig()
                        .getEndpointConfigs()
                        .get(EndpointQualifier.MEMBER)
                        .getInterfaces()
                        .getInterfaces())
                .containsExactly("10.0.0.5");
        assertThat(config.getProperty("hazelcast.socket.server.bind.any")).isEqualTo("false");
    }

    @Test
    void membersAreThoseNamedAndNoneIsLookedFor() {
        Config config = config("10.0.0.5", "10.0.0.6:5800", "[fd00::7]");

        assertThat(config.getAdvancedNetworkConfig()
                        .getJoin()
                        .getMulticastConfig()
                        .isEnabled())
                .isFalse();
        assertThat(config.getAdvancedNetworkConfig()
                        .getJoin()
                        .getAutoDetectionConfig()
                        .isEnabled())
                .isFalse();
        assertThat(config.getAdvancedNetworkConfig().getJoin().getTcpIpConfig().getMembers())
                .containsExactly("10.0.0.5:5701", "10.0.0.6:5800", "[fd00::7]:5701");
    }

    @Test
    void bucketsAreBackedUpAndTwiceInLargerClusters() {
        assertThat(buckets("a").getBackupCount()).isEqualTo(1);
        assertThat(buckets("a", "b", "c").getBackupCount()).isEqualTo(1);
        assertThat(buckets("a", "b", "c", "d").getBackupCount()).isEqualTo(2);
    }

    @Test
    void aMajorityIsNeededWhereThereCanBeOne() {
        assertThat(config("a").getSplitBrainProtectionConfigs()).isEmpty();
        assertThat(majority("a", "b")).isEqualTo(2);
        assertThat(majority("a", "b", "c")).isEqualTo(2);
        assertThat(majority("a", "b", "c", "d")).isEqualTo(3);
        assertThat(majority("a", "b", "c", "d", "e")).isEqualTo(3);
        assertThat(buckets("a", "b", "c").getSplitBrainProtectionName()).isEqualTo(SharedMaps.MAJORITY);
        assertThat(config("a", "b", "c").getMapConfig("tollgate-buckets-share").getSplitBrainProtectionName())
                .isNull();
    }

    @Test
    void nothingIsDeserialisedThatIsNotOnTheList() {
        var filter = config("a").getSerializationConfig().getJavaSerializationFilterConfig();

        assertThat(filter.isDefaultsDisabled()).isTrue();
        assertThat(filter.getWhitelist().isListed("org.example.Gadget")).isFalse();
        assertThat(filter.getWhitelist().isListed("javax.management.BadAttributeValueExpException"))
                .isFalse();
        assertThat(filter.getWhitelist().isListed("java.lang.IllegalStateException"))
                .isTrue();
    }

    @Test
    void theMemberCallsNobodyLeavesNoHookAndNoticesDeathSoon() {
        Config config = config("a");

        assertThat(config.getProperty("hazelcast.phone.home.enabled")).isEqualTo("false");
        assertThat(config.getProperty("hazelcast.shutdownhook.enabled")).isEqualTo("false");
        assertThat(config.getProperty("hazelcast.max.no.heartbeat.seconds")).isEqualTo("5");
        assertThat(config.getProperty("hazelcast.graceful.shutdown.max.wait")).isEqualTo("10");
        assertThat(config.getProperty("hazelcast.operation.fail.on.indeterminate.state"))
                .isEqualTo("true");
        assertThat(config.getClassLoader()).isSameAs(MemberConfig.class.getClassLoader());
    }

    @Test
    void theSharedMapsHaveACopyOnEveryMember() {
        assertThat(share("a", "b").getTotalBackupCount()).isEqualTo(1);
        assertThat(share("a", "b", "c").getTotalBackupCount()).isEqualTo(2);
        assertThat(share("a", "b", "c", "d", "e").getTotalBackupCount()).isEqualTo(4);
    }

    @Test
    void membersAreFoundByANameOrAService() {
        JoinConfig byName = joining(new Discovery.Dns("tollgate.example.com", 5801));
        JoinConfig byService = joining(new Discovery.Kubernetes("tollgate.gateways.svc.cluster.local", 5802));

        assertThat(byName.getTcpIpConfig().isEnabled()).isFalse();
        assertThat(byName.getDiscoveryConfig().getDiscoveryStrategyConfigs())
                .singleElement()
                .satisfies(found -> assertThat(found.getDiscoveryStrategyFactory())
                        .isEqualTo(new DnsDiscovery("tollgate.example.com", 5801)));
        assertThat(byService.getTcpIpConfig().isEnabled()).isFalse();
        assertThat(byService.getKubernetesConfig().isEnabled()).isTrue();
        assertThat(byService.getKubernetesConfig().getProperties())
                .containsEntry("service-dns", "tollgate.gateways.svc.cluster.local")
                .containsEntry("service-port", "5802");
        assertThat(byService.getMulticastConfig().isEnabled()).isFalse();
    }

    private static JoinConfig joining(Discovery discovery) {
        Settings.Cluster cluster = new Settings.Cluster(discovery, "127.0.0.1", false, "tollgate", 3);
        return MemberConfig.of(cluster, new Endpoint("127.0.0.1", 5701))
                .getAdvancedNetworkConfig()
                .getJoin();
    }

    private static com.hazelcast.config.MapConfig share(String... members) {
        return config(members).getMapConfig("tollgate-windows-share");
    }

    private static int majority(String... members) {
        return config(members)
                .getSplitBrainProtectionConfigs()
                .values()
                .iterator()
                .next()
                .getMinimumClusterSize();
    }

    private static com.hazelcast.config.MapConfig buckets(String... members) {
        return config(members).getMapConfig(SharedMaps.BUCKETS);
    }

    private static Config config(String... members) {
        return MemberConfig.of(new Settings.Cluster(List.of(members), null, "tollgate"), Endpoint.parse(members[0]));
    }
}
