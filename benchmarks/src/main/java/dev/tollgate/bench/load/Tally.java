package dev.tollgate.bench.load;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/** Counts calls between the start of measuring and its end. */
final class Tally {
    private static final long HIGHEST = TimeUnit.SECONDS.toNanos(60);

    private final LongSupplier cpuNanos;
    private final Histogram whole = new Histogram(1000, HIGHEST, 3);
    private final Histogram first = new Histogram(1000, HIGHEST, 3);
    private long calls;
    private long errors;
    private long startNanos;
    private long startCpu;
    private boolean measuring;

    /** @param cpuNanos what the process in the middle has used of the processors so far */
    Tally(LongSupplier cpuNanos) {
        this.cpuNanos = cpuNanos;
    }

    void start() {
        measuring = true;
        startCpu = cpuNanos.getAsLong();
        startNanos = System.nanoTime();
    }

    void answered(Line line) {
        if (measuring && line.status() == 200) {
            calls++;
            whole.recordValue(Math.min(HIGHEST, System.nanoTime() - line.started()));
            first.recordValue(Math.min(HIGHEST, line.firstTokenNanos()));
        } else if (line.status() != 200) {
            errors++;
        }
    }

    void broken() {
        errors++;
    }

    Sample stop() {
        long nanos = System.nanoTime() - startNanos;
        measuring = false;
        return new Sample(calls, errors, nanos, cpuNanos.getAsLong() - startCpu, whole, first);
    }
}
