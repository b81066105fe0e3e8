package dev.tollgate.hazelcast;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.tollgate.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Members on loopback, configured as in production. */
final class TestCluster implements AutoCloseable {
    // Members that are killed on purpose make the others say much; what matters is in the assertions.
    private static final Logger HAZELCAST = Logger.getLogger("com.hazelcast");

    private static final Duration PATIENT = Duration.ofSeconds(20);

    private final List<HazelcastInstance> members = new ArrayList<>();
    private final Settings.Cluster settings;

    TestCluster(int size) {
        HAZELCAST.setLevel(Level.OFF);
        List<String> addresses =
                freePorts(size).stream().map(port -> "127.0.0.1:" + port).toList();
        settings = new Settings.Cluster(addresses, null, "test-" + UUID.randomUUID());
        CallbackThreads.ensureThereAreSome();
        for (String address : addresses) {
            members.add(Hazelcast.newHazelcastInstance(MemberConfig.of(settings, Endpoint.parse(address))));
        }
    }

    Settings.Cluster settings() {
        return settings;
    }

    HazelcastInstance member(int number) {
        return members.get(number);
    }

    IMap<String, byte[]> buckets(int member) {
        return members.get(member).getMap(MemberConfig.BUCKETS);
    }

    /** One store per member, which wait long enough for a busy machine. */
    List<HazelcastStore> stores(LongSupplier time) {
        List<HazelcastStore> stores = new ArrayList<>();
        for (int member = 0; member < members.size(); member++) {
            stores.add(new HazelcastStore(buckets(member), time, PATIENT, () -> {}));
        }
        return stores;
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
