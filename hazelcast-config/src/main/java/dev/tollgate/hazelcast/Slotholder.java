package dev.tollgate.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import dev.tollgate.lease.SharedSlots;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A node that holds slots.
 *
 * @param member the member that it is, or an empty text for a client
 * @param now the time of the cluster in nanoseconds since 1970
 */
record Slotholder(String node, String member, long now) {
    /** Hazelcast forgets by the clock of the machine, so it is given more time than holdings have. */
    static final long KEPT_MILLIS = Duration.ofMinutes(15).toMillis();

    /** When its holdings are over. */
    long until() {
        return now + SharedSlots.EXPIRY.toNanos();
    }

    /** Whether a member is one that another sees. */
    static Predicate<String> onThisSide(HazelcastInstance keeper) {
        Set<String> seen = keeper.getCluster().getMembers().stream()
                .map(Member::getUuid)
                .map(Object::toString)
                .collect(Collectors.toSet());
        return seen::contains;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeUTF(node);
        out.writeUTF(member);
        out.writeLong(now);
    }

    static Slotholder read(DataInputStream in) throws IOException {
        return new Slotholder(in.readUTF(), in.readUTF(), in.readLong());
    }
}
