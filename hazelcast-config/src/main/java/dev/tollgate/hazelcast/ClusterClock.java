package dev.tollgate.hazelcast;

import com.hazelcast.cluster.Cluster;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time that the members agree on, in nanoseconds since 1970. It is asked of the cluster once and goes on by this JVM's
 * monotonic clock, so that a step of the wall clock neither refills buckets nor stops them from refilling.
 */
final class ClusterClock implements LongSupplier {
    private final long startNanos;
    private final long startTicks;

    ClusterClock(Cluster cluster) {
        this.startNanos = TimeUnit.MILLISECONDS.toNanos(cluster.getClusterTime());
        this.startTicks = System.nanoTime();
    }

    @Override
    public long getAsLong() {
        return startNanos + (System.nanoTime() - startTicks);
    }
}
