package dev.tollgate.cluster;

import dev.tollgate.health.Hints;
import dev.tollgate.lease.LeaseCounts;
import dev.tollgate.lease.LeasingSlots;
import dev.tollgate.lease.LeasingStore;
import dev.tollgate.limit.LimitStore;
import dev.tollgate.limit.LocalSlots;
import dev.tollgate.limit.LocalStore;
import dev.tollgate.limit.Slots;
import dev.tollgate.pin.LocalPins;
import dev.tollgate.pin.Pins;
import dev.tollgate.usage.LocalUsage;
import dev.tollgate.usage.SharedUsage;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * What outlives configurations, and is the same for all nodes of a cluster.
 *
 * @param limits what is left of limits
 * @param slots the calls under way
 * @param pins who made what, and where
 * @param usage what each node has used
 * @param hints what nodes tell each other about targets
 * @param nodes how many nodes are configured; 1 for a node that is alone
 * @param leases how the cluster was asked for limits and slots
 */
public record SharedState(
        LimitStore limits, Slots slots, Pins pins, SharedUsage usage, Hints hints, int nodes, LeaseCounts leases)
        implements AutoCloseable {

    /**
     * The state of a node that is alone.
     *
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public static SharedState local(LongSupplier nanoTime, InstantSource clock) {
        return new SharedState(
                new LocalStore(nanoTime, clock),
                new LocalSlots(),
                new LocalPins(nanoTime),
                new LocalUsage(nanoTime),
                Hints.none(),
                1,
                new LeaseCounts());
    }

    /**
     * The state of a node of a cluster.
     *
     * @param timers runs what must happen in time
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public static SharedState over(Grid grid, ScheduledExecutorService timers, LongSupplier nanoTime) {
        LeaseCounts leases = new LeaseCounts();
        LimitStore limits = new LeasingStore(grid.limits(), grid.size(), timers, nanoTime, leases);
        Slots slots = new LeasingSlots(grid.slots(), grid.size(), timers, nanoTime, leases);
        return new SharedState(limits, slots, grid.pins(), grid.usage(), grid.hints(), grid.size(), leases);
    }

    @Override
    public void close() {
        // The limits are what leaves the cluster, and they must also where something else cannot be closed any more.
        try {
            hints.close();
            usage.close();
            pins.close();
            slots.close();
        } finally {
            limits.close();
        }
    }
}
