package dev.tollgate.forward;

import dev.tollgate.stream.Lane;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One timer that rings in a lane, and only if it has not been set anew or stopped before. Used only in that lane. */
final class Alarm {
    private final ScheduledExecutorService timers;
    private final Lane lane;
    private @Nullable ScheduledFuture<?> next;
    private int set;

    Alarm(ScheduledExecutorService timers, Lane lane) {
        this.timers = timers;
        this.lane = lane;
    }

    /** Rings once, after so many nanoseconds. */
    void set(long nanos, Runnable ring) {
        stop();
        int mine = set;
        Runnable ringIfCurrent = () -> {
            if (mine == set) {
                ring.run();
            }
        };
        try {
            next = timers.schedule(() -> lane.run(ringIfCurrent), Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            next = null; // the gateway is closing and cancels every call
        }
    }

    void stop() {
        set++;
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }
}
