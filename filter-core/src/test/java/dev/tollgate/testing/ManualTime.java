package dev.tollgate.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that stands still until it is told to go on: a monotonic one, and the time of day since the epoch. */
public final class ManualTime implements LongSupplier, InstantSource {
    private final AtomicLong nanos;

    public ManualTime() {
        this(0);
    }

    /** A clock that starts anywhere; real ones may be negative. */
    public ManualTime(long nanos) {
        this.nanos = new AtomicLong(nanos);
    }

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(nanos.get());
    }

    public void pass(Duration time) {
        passNanos(time.toNanos());
    }

    public void passNanos(long time) {
        nanos.addAndGet(time);
    }
}
