package dev.tollgate.hazelcast;

import dev.tollgate.cluster.Grid;
import dev.tollgate.health.Hints;
import dev.tollgate.lease.SharedSlots;
import dev.tollgate.limit.LimitStore;
import dev.tollgate.pin.Pins;
import dev.tollgate.usage.SharedUsage;

/** What the members of a Hazelcast cluster share. Closing its limits, which is done last, leaves the cluster. */
record HazelcastGrid(LimitStore limits, SharedSlots slots, Pins pins, SharedUsage usage, Hints hints, int size)
        implements Grid {

    @Override
    public void close() {
        hints.close();
        usage.close();
        pins.close();
        slots.close();
        limits.close();
    }
}
