package dev.tollgate.hazelcast;

import static org.awaitility.Awaitility.await;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.instance.impl.Node;
import dev.tollgate.config.Settings;
import dev.tollgate.limit.LimitStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Members on loopback, configured as in production. */
final class TestCluster implements AutoCloseable {
    // Members that are killed on purpose make the others say much; what matters is in the assertions.
    private static final Logger HAZELCAST = Logger.getLogger("com.hazelcast");

    private static final Duration PATIENT = Duration.ofSeconds(60);

    private final List<HazelcastInstance> members = new ArrayList<>();
    private final Settings.Cluster settings;

    TestCluster(int size) {
        this(size, config -> {});
    }

    /** @param change of the configuration of each member */
    TestCluster(int size, Consumer<Config> change) {
        HAZELCAST.setLevel(Level.OFF);
        List<String> addresses =
                freePorts(size).stream().map(port -> "127.0.0.1:" + port).toList();
        settings = new Settings.Cluster(addresses, null, "test-" + UUID.randomUUID());
        CallbackThreads.ensureThereAreSome();
        for (String address : addresses) {
            Config config = MemberConfig.of(settings, Endpoint.parse(address));
            change.accept(config);
            members.add(Hazelcast.newHazelcastInstance(config));
        }
        awaitSafety();
    }

    /** Waits until every entry has its backups. */
    void awaitSafety() {
        await().atMost(PATIENT)
                .until(() -> members.stream()
                        .filter(member -> member.getLifecycleService().isRunning())
                        .allMatch(member -> member.getPartitionService().isClusterSafe()));
    }

    Settings.Cluster settings() {
        return settings;
    }

    HazelcastInstance member(int number) {
        return members.get(number);
    }

    LimitStore store(int member, LongSupplier time) {
        return new HazelcastStore(members.get(member), "node-" + member, members.size(), time, () -> {});
    }

    /** One store per member. */
    List<LimitStore> stores(LongSupplier time) {
        List<LimitStore> stores = new ArrayList<>();
        for (int member = 0; member < members.size(); member++) {
            stores.add(store(member, time));
        }
        return stores;
    }

    HazelcastSlots slots(int member, LongSupplier time) {
        HazelcastInstance instance = members.get(member);
        return new HazelcastSlots(
                instance,
                () -> instance.getCluster().getLocalMember().getUuid().toString(),
                "node-" + member,
                members.size(),
                time);
    }

    /** Has two sides take each other for dead, as they do when no packet comes through. */
    void divide(Set<Integer> side, Set<Integer> other) {
        for (int one : side) {
            for (int two : other) {
                suspect(one, two);
                suspect(two, one);
            }
        }
        side.forEach(member -> awaitSize(member, side.size()));
        other.forEach(member -> awaitSize(member, other.size()));
    }

    void awaitSize(int member, int size) {
        await().atMost(PATIENT)
                .until(() -> members.get(member).getCluster().getMembers().size() == size);
    }

    private void suspect(int who, int whom) {
        Node node = ((HazelcastInstanceProxy) members.get(who)).getOriginal().node;
        UUID uuid = members.get(whom).getCluster().getLocalMember().getUuid();
        Member suspected = node.getClusterService().getMember(uuid);
        if (suspected != null) {
            node.getClusterService().suspectMember(suspected, "divided by the test", true);
        }
    }

    static List<Integer> freePorts(int number) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < number; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> ports =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        members.forEach(member -> member.getLifecycleService().terminate());
    }
}
