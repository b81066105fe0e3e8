package dev.tollgate.hazelcast;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * How many members one sees. Fewer count at once. More count only after a while, for members that come back may have counted
 * apart, and what they counted has to come in before more is handed out.
 */
final class Reach implements MembershipListener {
    private static final String KEY = "dev.tollgate.reach";
    private static final Duration SETTLING = Duration.ofSeconds(30);

    private final IntSupplier seen;
    private final LongSupplier nanoTime;
    private final long settlingNanos;
    private int counted;
    private int growing;
    private long since;

    /**
     * @param seen how many members are seen
     * @param nanoTime a monotonic clock in nanoseconds
     * @param settling for how long more members must have been seen before they count
     */
    Reach(IntSupplier seen, LongSupplier nanoTime, Duration settling) {
        this.seen = seen;
        this.nanoTime = nanoTime;
        this.settlingNanos = settling.toNanos();
        this.counted = seen.getAsInt();
        this.growing = counted;
    }

    /** That of a member, which is made when it is first asked for. */
    static Reach of(HazelcastInstance member) {
        return member.getUserContext().get(KEY) instanceof Reach reach ? reach : watch(member, SETTLING);
    }

    /** Has a member watch how many it sees. */
    static Reach watch(HazelcastInstance member, Duration settling) {
        Reach reach = new Reach(() -> member.getCluster().getMembers().size(), System::nanoTime, settling);
        member.getUserContext().put(KEY, reach);
        member.getCluster().addMembershipListener(reach);
        return reach;
    }

    synchronized int members() {
        int now = seen.getAsInt();
        if (now <= counted) {
            counted = now;
            growing = now;
        } else if (now != growing) {
            growing = now;
            since = nanoTime.getAsLong();
        } else if (nanoTime.getAsLong() - since >= settlingNanos) {
            counted = now;
        }
        return counted;
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        members();
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
        members();
    }
}
