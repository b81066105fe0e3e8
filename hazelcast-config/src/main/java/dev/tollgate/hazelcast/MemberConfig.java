package dev.tollgate.hazelcast;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.spi.merge.PutIfAbsentMergePolicy;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionOn;
import dev.tollgate.config.Settings;
import dev.tollgate.pin.Pins;
import io.github.bucket4j.grid.hazelcast.HazelcastProxyManager;
import java.util.UUID;

/**
 * The configuration of a member that can be left running.
 *
 * <p>Hazelcast's own defaults are made for trying it out: any process that finds the port may read everything, one paused
 * member stops all others for a minute, and a partition lets each side hand out whole limits. Here members talk to named
 * members only, on one address, and to no clients; a member that does not answer is dropped after five seconds; and where
 * there are three members or more, only a side with the majority of them answers.
 */
final class MemberConfig {
    /** The name of the map that keeps the buckets. */
    static final String BUCKETS = "tollgate-buckets";

    /** The name of the map that keeps who made what. */
    static final String PINS = "tollgate-pins";

    private static final String MAJORITY = "tollgate-majority";
    private static final int BUCKET4J_TYPE_IDS = 10_000;

    private MemberConfig() {}

    static Config of(Settings.Cluster cluster, Endpoint bind) {
        Config config = new Config();
        config.setInstanceName("tollgate-" + cluster.name() + "-" + UUID.randomUUID());
        config.setClusterName(cluster.name());
        // In a container the Hazelcast JAR may belong to the server and Bucket4j to the application: it must look here.
        config.setClassLoader(MemberConfig.class.getClassLoader());
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.setAdvancedNetworkConfig(network(cluster, bind));
        config.setSerializationConfig(serialization());
        config.addMapConfig(buckets(cluster.members().size()));
        config.addMapConfig(pins(cluster.members().size()));
        setProperties(config);
        protect(config, cluster.members().size());
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
        join.getTcpIpConfig().setEnabled(true);
        cluster.members()
                .forEach(member ->
                        join.getTcpIpConfig().addMember(Endpoint.parse(member).toString()));
        return new AdvancedNetworkConfig()
                .setEnabled(true)
                .setMemberEndpointConfig(endpoint)
                .setJoin(join);
    }

    private static void setProperties(Config config) {
        config.setProperty("hazelcast.logging.type", "jdk");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        // The gateway ends the membership; a hook would outlive an undeployed application.
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.socket.server.bind.any", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
        config.setProperty("hazelcast.max.no.heartbeat.seconds", "5");
        config.setProperty("hazelcast.operation.call.timeout.millis", "5000");
        // An operation whose backup is not confirmed has failed, rather than succeeded without one.
        config.setProperty("hazelcast.operation.fail.on.indeterminate.state", "true");
        config.setProperty("hazelcast.merge.first.run.delay.seconds", "5");
        config.setProperty("hazelcast.merge.next.run.delay.seconds", "5");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
    }

    /** Bucket4j's serializers, and a list of what else may be deserialised: Hazelcast's own classes and plain exceptions. */
    private static SerializationConfig serialization() {
        SerializationConfig serialization = new SerializationConfig();
        HazelcastProxyManager.addCustomSerializers(serialization, BUCKET4J_TYPE_IDS);
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

    private static MapConfig buckets(int members) {
        MapConfig buckets = new MapConfig(BUCKETS);
        buckets.setBackupCount(members >= 4 ? 2 : 1);
        buckets.setAsyncBackupCount(0);
        buckets.setStatisticsEnabled(false);
        // Where a majority is required the smaller side has changed nothing, so what the larger side has is right.
        buckets.setMergePolicyConfig(new MergePolicyConfig(PutIfAbsentMergePolicy.class.getName(), 100));
        return buckets;
    }

    /** Pins are never changed, so the sides of a cluster that has been divided may each go on, and are joined again. */
    private static MapConfig pins(int members) {
        MapConfig pins = new MapConfig(PINS);
        pins.setBackupCount(members >= 4 ? 2 : 1);
        pins.setAsyncBackupCount(0);
        pins.setStatisticsEnabled(false);
        pins.setTimeToLiveSeconds(Math.toIntExact(Pins.KEPT.toSeconds()));
        pins.setEvictionConfig(new EvictionConfig()
                .setEvictionPolicy(EvictionPolicy.LRU)
                .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
                .setSize(Pins.MOST));
        pins.setMergePolicyConfig(new MergePolicyConfig(PutIfAbsentMergePolicy.class.getName(), 100));
        return pins;
    }

    private static void protect(Config config, int members) {
        if (members < 3) {
            return;
        }
        SplitBrainProtectionConfig majority = new SplitBrainProtectionConfig(MAJORITY, true, members / 2 + 1);
        majority.setProtectOn(SplitBrainProtectionOn.READ_WRITE);
        config.addSplitBrainProtectionConfig(majority);
        config.getMapConfig(BUCKETS).setSplitBrainProtectionName(MAJORITY);
    }
}
