package dev.tollgate.testing;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Timers by a clock that stands still until it is told to go on: all that becomes due is run by who moves it, in order. */
public final class ManualTimers extends AbstractExecutorService implements ScheduledExecutorService {
    private final ManualTime time;
    private final PriorityQueue<Timer> due = new PriorityQueue<>(
            Comparator.<Timer>comparingLong(timer -> timer.at).thenComparingLong(timer -> timer.number));
    private long order;
    private boolean closed;

    public ManualTimers(ManualTime time) {
        this.time = time;
    }

    /** When the next one is due; {@code Long.MAX_VALUE} when none is. */
    public long next() {
        while (!due.isEmpty() && due.peek().isCancelled()) {
            due.remove();
        }
        return due.isEmpty() ? Long.MAX_VALUE : due.peek().at;
    }

    /** Runs the next one if it is due. */
    public void runNext() {
        if (next() <= time.getAsLong()) {
            due.remove().run();
        }
    }

    /** Lets time pass, and runs all that becomes due at its time. */
    public void pass(long nanos) {
        long end = time.getAsLong() + nanos;
        while (next() <= end) {
            time.passNanos(Math.max(0, next() - time.getAsLong()));
            runNext();
        }
        time.passNanos(end - time.getAsLong());
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
        return add(new Timer(work, unit.toNanos(delay), 0));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable work, long first, long delay, TimeUnit unit) {
        return add(new Timer(work, unit.toNanos(first), unit.toNanos(delay)));
    }

    private Timer add(Timer timer) {
        due.add(timer);
        return timer;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> work, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable work, long first, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable work) {
        ScheduledFuture<?> unused = schedule(work, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public void shutdown() {
        closed = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        closed = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return closed;
    }

    @Override
    public boolean isTerminated() {
        return closed;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return closed;
    }

    private final class Timer extends FutureTask<Void> implements ScheduledFuture<Void> {
        private final long delay;
        private final long number;
        private long at;

        private Timer(Runnable work, long first, long delay) {
            super(work, null);
            this.delay = delay;
            this.number = order++;
            this.at = time.getAsLong() + first;
        }

        @Override
        public void run() {
            if (delay == 0) {
                super.run();
            } else if (runAndReset()) {
                at = time.getAsLong() + delay;
                due.add(this);
            }
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - time.getAsLong(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
