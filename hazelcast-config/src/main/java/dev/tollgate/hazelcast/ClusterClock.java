package dev.tollgate.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time that the members agree on, in nanoseconds since 1970. The first of them takes it from its machine, and each that
 * joins later from the oldest that is there. It goes on by the JVM's monotonic clock, so that a step of a machine's clock
 * neither refills buckets nor stops them from refilling.
 */
final class ClusterClock implements LongSupplier {
    private static final String KEY = "dev.tollgate.clock";

    private final long startNanos;
    private final long startTicks;

    /** @param nanos what the time is now */
    ClusterClock(long nanos) {
        this.startNanos = nanos;
        this.startTicks = System.nanoTime();
    }

    /** That of a member, which is set to the time of its cluster when it is first asked for. */
    static ClusterClock of(HazelcastInstance member) {
        Object clock = member.getUserContext()
                .computeIfAbsent(
                        KEY,
                        key -> new ClusterClock(TimeUnit.MILLISECONDS.toNanos(
                                member.getCluster().getClusterTime())));
        return clock instanceof ClusterClock ours ? ours : new ClusterClock(System.currentTimeMillis() * 1_000_000);
    }

    /** Sets a member's clock to what another says. */
    static ClusterClock set(HazelcastInstance member, long nanos) {
        ClusterClock clock = new ClusterClock(nanos);
        member.getUserContext().put(KEY, clock);
        return clock;
    }

    @Override
    public long getAsLong() {
        return startNanos + (System.nanoTime() - startTicks);
    }
}
