package dev.tollgate.lease;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Whether the cluster answers, in words for the operator: one line when it no longer does, and one when it does again. */
final class Outage {
    // Longer than the longest silence, so that one part of the cluster that answers does not end the outage of another.
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Consumer<String> tell;
    private final AtomicBoolean going = new AtomicBoolean();
    private volatile long lastFailure;

    /** @param tell told of the beginning and the end */
    Outage(Consumer<String> tell) {
        this.tell = tell;
    }

    void failed(Throwable failure, long now) {
        lastFailure = now;
        if (!going.get() && going.compareAndSet(false, true)) {
            tell.accept(
                    "The cluster does not answer: calls go on from what this node holds, then each limit does what its "
                            + "'on-cluster-loss' says (" + failure + ")");
        }
    }

    void answered(long now) {
        if (going.get() && now - lastFailure > QUIET_NANOS && going.compareAndSet(true, false)) {
            tell.accept("The cluster answers again");
        }
    }
}
