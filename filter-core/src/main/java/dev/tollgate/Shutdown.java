package dev.tollgate;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The end of a gateway's life, in this order: new calls are refused and the page for readiness says so; those under way may
 * finish; the ways to providers are closed, which ends what is still under way, and its callers are told; calls that wait for
 * something else are ended; everything is freed.
 */
final class Shutdown {
    private static final System.Logger LOG = System.getLogger(Shutdown.class.getName());
    private static final long STEP_MILLIS = 20;

    /** How long the callers that are cut off may take to read why. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final Calls calls;
    private final Supplier<Duration> drain;
    private final AutoCloseable upstreams;
    private final List<AutoCloseable> resources;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);

    /**
     * @param drain how long calls under way may take to finish, when it is asked for
     * @param upstreams the way to providers; closing it ends what is still under way, and tells its callers so
     * @param resources what to free afterwards, in this order
     */
    Shutdown(Calls calls, Supplier<Duration> drain, AutoCloseable upstreams, List<AutoCloseable> resources) {
        this.calls = calls;
        this.drain = drain;
        this.upstreams = upstreams;
        this.resources = List.copyOf(resources);
    }

    boolean isClosing() {
        return begun.get();
    }

    /** @throws Refusal once {@link #close} has begun */
    void refuseWhenClosing() {
        if (isClosing()) {
            throw new Refusal(ErrorCode.GATEWAY_DRAINING, "this node is shutting down; try again")
                    .retryAfter(Duration.ofSeconds(1));
        }
    }

    /** Returns when all is freed, whoever has begun it. */
    void close() {
        if (begun.compareAndSet(false, true)) {
            try {
                closeNow();
            } finally {
                done.countDown();
            }
        } else {
            awaitDone();
        }
    }

    private void closeNow() {
        Duration patience = drain.get();
        LOG.log(Level.INFO, "closing: {0} calls under way have {1} to finish", calls.count(), patience);
        if (!becomesQuiet(patience)) {
            LOG.log(Level.WARNING, "{0} calls have not finished within {1}; they are cut off", calls.count(), patience);
        }
        free(upstreams);
        if (!becomesQuiet(LAST_WORDS)) {
            calls.closeAll();
            becomesQuiet(LAST_WORDS);
        }
        for (AutoCloseable resource : resources) {
            free(resource);
        }
    }

    private void awaitDone() {
        try {
            done.await();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean becomesQuiet(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        while (!calls.isQuiet() && System.nanoTime() - deadline < 0) {
            try {
                Thread.sleep(STEP_MILLIS);
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
                return calls.isQuiet();
            }
        }
        return calls.isQuiet();
    }

    private static void free(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception failure) {
            LOG.log(Level.WARNING, "could not close " + resource.getClass().getSimpleName(), failure);
        }
    }
}
