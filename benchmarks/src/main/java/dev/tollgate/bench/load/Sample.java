package dev.tollgate.bench.load;

import org.HdrHistogram.Histogram;

/**
 * What one load has measured.
 *
 * @param calls calls answered with 200 while it measured
 * @param errors calls that were answered otherwise, or broke off
 * @param nanos how long it measured
 * @param cpuNanos what the process in the middle used of the processors meanwhile; 0 when there is none
 * @param whole nanoseconds to the end of the answer
 * @param first nanoseconds to the first token of the answer
 */
public record Sample(long calls, long errors, long nanos, long cpuNanos, Histogram whole, Histogram first) {

    public double callsPerSecond() {
        return calls * 1e9 / nanos;
    }

    /** Processor seconds per 10,000 calls. */
    public double cpuPerTenThousand() {
        return calls == 0 ? Double.NaN : cpuNanos / 1e9 / calls * 10_000;
    }

    /** The share of one processor that the process in the middle used. */
    public double cpuShare() {
        return (double) cpuNanos / nanos;
    }
}
