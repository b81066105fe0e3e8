package dev.tollgate.hazelcast;

import dev.tollgate.cluster.Grid;
import dev.tollgate.lease.SharedSlots;
import dev.tollgate.limit.LimitStore;
import dev.tollgate.pin.Pins;
import dev.tollgate.usage.SharedUsage;

/** What the members of a Hazelcast cluster share. */
record HazelcastGrid(LimitStore limits, Pins pins, SharedUsage usage, int size) implements Grid {

    @Override
    public SharedSlots slots() {
        throw new UnsupportedOperationException("slots are not shared yet");
    }

    @Override
    public void close() {
        usage.close();
        pins.close();
        limits.close();
    }
}
