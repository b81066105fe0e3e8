package dev.tollgate.bench.limits;

import dev.tollgate.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/** Callers that go one way, each as soon as its last call is through. */
public final class Crowd {
    private final Way way;
    private final long from;
    private final long until;
    private final LongAdder refused = new LongAdder();

    private Crowd(Way way, long from, long until) {
        this.way = way;
        this.from = from;
        this.until = until;
    }

    /**
     * Sends it.
     *
     * @param callers how many at a time, each on a thread of its own
     * @param settling how long they go before it is measured
     * @param cpuNanos what all that takes part has used of the processors so far
     */
    public static Passage send(Way way, int callers, Duration settling, Duration measuring, LongSupplier cpuNanos)
            throws InterruptedException, ExecutionException {
        long from = System.nanoTime() + settling.toNanos();
        Crowd crowd = new Crowd(way, from, from + measuring.toNanos());
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            List<Future<Histogram>> under = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                int first = caller;
                under.add(threads.submit(() -> crowd.call(first)));
            }
            sleepUntil(crowd.from);
            long cpu = cpuNanos.getAsLong();
            sleepUntil(crowd.until);
            long used = cpuNanos.getAsLong() - cpu;
            Histogram times = new Histogram(3);
            for (Future<Histogram> each : under) {
                times.add(each.get());
            }
            return new Passage(measuring.toNanos(), used, times, crowd.refused.sum());
        } finally {
            threads.shutdownNow();
        }
    }

    private Histogram call(int first) throws Exception {
        Histogram times = new Histogram(3);
        int turn = first;
        for (long start = System.nanoTime(); start < until; start = System.nanoTime()) {
            boolean through = isThrough(turn++ & Integer.MAX_VALUE);
            if (through && start >= from) {
                times.recordValue(System.nanoTime() - start);
            }
        }
        return times;
    }

    private boolean isThrough(int turn) throws Exception {
        try {
            way.pass(turn);
            return true;
        } catch (CompletionException e) {
            if (e.getCause() instanceof Refusal) {
                refused.increment();
                return false;
            }
            throw e;
        }
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        long left = nanos - System.nanoTime();
        if (left > 0) {
            Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
        }
    }
}
