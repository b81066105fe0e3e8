package dev.tollgate.hazelcast;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.DiscoveryStrategyConfig;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Discovery;
import java.util.UUID;

/**
 * The configuration of a member that can be left running.
 *
 * <p>Hazelcast's own defaults are made for trying it out: any process that finds the port may read everything, one paused
 * member stops all others for a minute, and a partition lets each side hand out whole limits. Here members talk to members
 * that are named or found by a name, on one address, and to no clients; a member that does not answer is dropped after five
 * seconds; and what needs a majority is answered by a side with the majority of the members only.
 */
final class MemberConfig {

    private MemberConfig() {}

    static Config of(Settings.Cluster cluster, Endpoint bind) {
        Config config = new Config();
        config.setInstanceName("tollgate-" + cluster.name() + "-" + UUID.randomUUID());
        config.setClusterName(cluster.name());
        // In a container the Hazelcast JAR may belong to the server and ours to the application: it must look here.
        config.setClassLoader(MemberConfig.class.getClassLoader());
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.setAdvancedNetworkConfig(network(cluster, bind));
        config.setSerializationConfig(serialization());
        SharedMaps.configs(cluster.size()).forEach(config::addMapConfig);
        if (SharedMaps.majority(cluster.size()) > 0) {
            config.addSplitBrainProtectionConfig(SharedMaps.protection(cluster.size()));
        }
        setProperties(config);
        return config;
    }

    /** A member endpoint on one address, and no other: clients, REST and memcache have no door to knock at. */
    private static AdvancedNetworkConfig network(Settings.Cluster cluster, Endpoint bind) {
        ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig();
        endpoint.setPort(bind.port()).setPortAutoIncrement(false);
        endpoint.getInterfaces().setEnabled(true).addInterface(bind.host());
        JoinConfig join = new JoinConfig();
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        discover(cluster.discovery(), join);
        return new AdvancedNetworkConfig()
                .setEnabled(true)
                .setMemberEndpointConfig(endpoint)
                .setJoin(join);
    }

    private static void discover(Discovery discovery, JoinConfig join) {
        if (discovery instanceof Discovery.Members members) {
            join.getTcpIpConfig().setEnabled(true);
            members.addresses()
                    .forEach(member -> join.getTcpIpConfig()
                            .addMember(Endpoint.parse(member).toString()));
        } else if (discovery instanceof Discovery.Dns dns) {
            join.getDiscoveryConfig()
                    .addDiscoveryStrategyConfig(new DiscoveryStrategyConfig(new DnsDiscovery(dns.name(), dns.port())));
        } else if (discovery instanceof Discovery.Kubernetes kubernetes) {
            join.getKubernetesConfig()
                    .setEnabled(true)
                    .setProperty("service-dns", kubernetes.serviceDns())
                    .setProperty("service-port", Integer.toString(kubernetes.port()));
        } else {
            throw new AssertionError(discovery);
        }
    }

    private static void setProperties(Config config) {
        config.setProperty("hazelcast.logging.type", "jdk");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        // The gateway ends the membership; a hook would outlive an undeployed application.
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.socket.server.bind.any", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.discovery.enabled", "true");
        config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
        config.setProperty("hazelcast.max.no.heartbeat.seconds", "5");
        config.setProperty("hazelcast.operation.call.timeout.millis", "5000");
        // A node that goes hands over what it keeps; it does not wait ten minutes for members that hang.
        config.setProperty("hazelcast.graceful.shutdown.max.wait", "10");
        // An operation whose backup is not confirmed has failed, rather than succeeded without one.
        config.setProperty("hazelcast.operation.fail.on.indeterminate.state", "true");
        config.setProperty("hazelcast.merge.first.run.delay.seconds", "5");
        config.setProperty("hazelcast.merge.next.run.delay.seconds", "5");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
    }

    /** A list of what may be deserialised besides our own classes, which go by numbers: Hazelcast's and plain exceptions. */
    static SerializationConfig serialization() {
        SerializationConfig serialization = new SerializationConfig();
        ClassFilter allowed = new ClassFilter()
                .addPrefixes("com.hazelcast.", "java.lang.", "[Ljava.lang.StackTraceElement")
                .addClasses(
                        "java.util.Collections$EmptyList",
                        "java.util.Collections$UnmodifiableList",
                        "java.util.ArrayList");
        serialization.setJavaSerializationFilterConfig(
                new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(allowed));
        return serialization;
    }
}
