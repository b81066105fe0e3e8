package dev.tollgate.cluster;

import dev.tollgate.limit.LimitStore;
import dev.tollgate.limit.LocalStore;
import dev.tollgate.pin.LocalPins;
import dev.tollgate.pin.Pins;
import dev.tollgate.usage.LocalUsage;
import dev.tollgate.usage.SharedUsage;
import java.util.function.LongSupplier;

/**
 * What outlives configurations, and is the same for all nodes of a cluster.
 *
 * @param limits what is left of limits
 * @param pins who made what, and where
 * @param usage what each node has used
 */
public record SharedState(LimitStore limits, Pins pins, SharedUsage usage) implements AutoCloseable {

    /**
     * The state of a node that is alone.
     *
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public static SharedState local(LongSupplier nanoTime) {
        return new SharedState(new LocalStore(nanoTime), new LocalPins(nanoTime), new LocalUsage(nanoTime));
    }

    @Override
    public void close() {
        usage.close();
        pins.close();
        limits.close();
    }
}
