package dev.tollgate.bench.load;

import java.util.concurrent.locks.LockSupport;

/** A clock that strikes at a steady rate, and tells at each stroke that another call is due. */
final class Pacer implements AutoCloseable {
    private final long start;
    private final long period;
    private final Runnable stroke;
    private final Thread thread;
    private volatile long strokes;
    private volatile boolean going = true;

    /**
     * The first stroke is a little after now.
     *
     * @param period nanoseconds from stroke to stroke
     * @param stroke what to do at each
     */
    Pacer(long period, Runnable stroke) {
        this.start = System.nanoTime() + 20_000_000;
        this.period = period;
        this.stroke = stroke;
        this.thread = new Thread(this::run, "pacer");
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    private void run() {
        for (long next = 0; going; next++) {
            waitUntil(due(next));
            strokes = next + 1;
            stroke.run();
        }
    }

    private void waitUntil(long moment) {
        for (long left = moment - System.nanoTime(); left > 0 && going; left = moment - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** How many strokes there have been. */
    long strokes() {
        return strokes;
    }

    /** The moment of a stroke, on {@link System#nanoTime}; the first has number 0. */
    long due(long number) {
        return start + number * period;
    }

    @Override
    public void close() {
        going = false;
        LockSupport.unpark(thread);
    }
}
