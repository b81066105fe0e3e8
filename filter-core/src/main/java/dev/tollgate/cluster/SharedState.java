package dev.tollgate.cluster;

import dev.tollgate.limit.LimitStore;
import dev.tollgate.limit.LocalStore;
import dev.tollgate.pin.LocalPins;
import dev.tollgate.pin.Pins;
import java.util.function.LongSupplier;

/**
 * What outlives configurations, and is the same for all nodes of a cluster.
 *
 * @param limits what is left of limits
 * @param pins who made what, and where
 */
public record SharedState(LimitStore limits, Pins pins) implements AutoCloseable {

    /**
     * The state of a node that is alone.
     *
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public static SharedState local(LongSupplier nanoTime) {
        return new SharedState(new LocalStore(nanoTime), new LocalPins(nanoTime));
    }

    @Override
    public void close() {
        pins.close();
        limits.close();
    }
}
