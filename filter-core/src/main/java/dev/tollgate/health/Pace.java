package dev.tollgate.health;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How long a target takes to its first token, as peak-EWMA: what is slower than expected counts at once and whole, what is faster
 * little by little. Who is not asked is taken to be faster as time goes by, so that it is asked again.
 */
final class Pace {
    private static final double DECAY_NANOS = 10e9;
    private static final double IDLE_DECAY_NANOS = 30e9;
    private static final long COLD_NANOS = Duration.ofMinutes(5).toNanos();

    private volatile @Nullable Estimate last;

    private record Estimate(double nanos, long at) {
        double idle(long now) {
            return nanos * Math.exp(-Math.max(0, now - at) / IDLE_DECAY_NANOS);
        }
    }

    /** A first token has come. */
    synchronized void took(long nanos, long now) {
        Estimate before = last;
        if (before == null || nanos >= before.nanos() || now - before.at() > COLD_NANOS) {
            last = new Estimate((double) nanos, now);
        } else {
            double kept = Math.exp(-Math.max(0, now - before.at()) / DECAY_NANOS);
            last = new Estimate(before.nanos() * kept + nanos * (1 - kept), now);
        }
    }

    /** Nothing has come for so long: it takes that long at least. */
    synchronized void atLeast(long nanos, long now) {
        Estimate before = last;
        if (before == null || nanos > before.idle(now)) {
            last = new Estimate((double) nanos, now);
        }
    }

    /**
     * What is to be expected, in nanoseconds; empty for a target that is cold.
     *
     * @param waited how long the attempt has waited that has waited longest; -1 where there is none
     */
    OptionalLong expected(long waited, long now) {
        Estimate current = last;
        if (current == null || now - current.at() > COLD_NANOS) {
            return OptionalLong.empty(); // that somebody waits for its first answer does not make it fast
        }
        return OptionalLong.of((long) Math.max(current.idle(now), (double) waited));
    }
}
