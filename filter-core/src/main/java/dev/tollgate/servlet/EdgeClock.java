package dev.tollgate.servlet;

import dev.tollgate.receive.BodyTerms;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The time an edge lives by, and what it allows of it to a request body. */
record EdgeClock(ScheduledExecutorService timer, LongSupplier nanos, BodyTerms terms) {

    /** Runs the alarm after a while, on the edge's one timer thread; it must not take long. */
    Future<?> after(Duration delay, Runnable alarm) {
        return timer.schedule(alarm, delay.toNanos() + 1, TimeUnit.NANOSECONDS);
    }
}
