package dev.tollgate.health;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** A clock that is not set: how long a circuit is open does not depend on the time of day. */
final class MonotonicClock extends Clock {
    private final LongSupplier nanos;

    MonotonicClock(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(nanos.getAsLong());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
