package dev.tollgate.bench.limits;

import org.HdrHistogram.Histogram;

/**
 * What was measured of one way in one round.
 *
 * @param nanos how long it was measured
 * @param cpuNanos what all members used of the processors meanwhile, the load itself included
 * @param times nanoseconds of each call
 * @param refused calls that were not let through, since the cluster did not answer in time
 */
public record Passage(long nanos, long cpuNanos, Histogram times, long refused) {

    public double callsPerSecond() {
        return times.getTotalCount() * 1e9 / nanos;
    }

    public double cpuMicros() {
        return times.getTotalCount() == 0 ? Double.NaN : cpuNanos / 1e3 / times.getTotalCount();
    }

    /** Microseconds that so many of a hundred calls took at most. */
    public double micros(double percentile) {
        return times.getTotalCount() == 0 ? Double.NaN : times.getValueAtPercentile(percentile) / 1e3;
    }
}
