package dev.tollgate.cluster;

import dev.tollgate.health.Hints;
import dev.tollgate.lease.SharedSlots;
import dev.tollgate.limit.LimitStore;
import dev.tollgate.pin.Pins;
import dev.tollgate.usage.SharedUsage;

/** What a cluster shares, as its nodes ask each other: every question is a hop, and none has a deadline of its own. */
public interface Grid extends AutoCloseable {

    LimitStore limits();

    SharedSlots slots();

    Pins pins();

    SharedUsage usage();

    Hints hints();

    /** How many members are configured. */
    int size();

    @Override
    void close();
}
