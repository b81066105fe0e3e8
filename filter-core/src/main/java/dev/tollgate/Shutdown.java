package dev.tollgate;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/** The end of a gateway's life: drain, then free. */
final class Shutdown {
    private static final System.Logger LOG = System.getLogger(Shutdown.class.getName());
    private static final long STEP_MILLIS = 20;

    /** How long the callers that are cut off may take to read why. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final Calls calls;
    private final Duration drain;
    private final AutoCloseable upstreams;
    private final List<AutoCloseable> resources;
    private volatile boolean closing;

    /**
     * @param drain how long calls under way may take to finish
     * @param upstreams the way to providers; closing it ends what is still under way, and tells its callers so
     * @param resources what to free afterwards, in this order
     */
    Shutdown(Calls calls, Duration drain, AutoCloseable upstreams, List<AutoCloseable> resources) {
        this.calls = calls;
        this.drain = drain;
        this.upstreams = upstreams;
        this.resources = List.copyOf(resources);
    }

    boolean isClosing() {
        return closing;
    }

    /** @throws Refusal once {@link #close} has begun */
    void refuseWhenClosing() {
        if (closing) {
            throw new Refusal(ErrorCode.GATEWAY_DRAINING, "this node is shutting down; try again")
                    .retryAfter(Duration.ofSeconds(1));
        }
    }

    void close() {
        closing = true;
        if (!drained(drain)) {
            LOG.log(Level.WARNING, "{0} calls have not finished within {1}; they are cut off", calls.count(), drain);
        }
        free(upstreams);
        if (!drained(LAST_WORDS)) {
            calls.cancelAll();
        }
        for (AutoCloseable resource : resources) {
            free(resource);
        }
    }

    private boolean drained(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        while (calls.count() > 0 && System.nanoTime() < deadline) {
            try {
                Thread.sleep(STEP_MILLIS);
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
                return calls.count() == 0;
            }
        }
        return calls.count() == 0;
    }

    private static void free(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception failure) {
            LOG.log(Level.WARNING, "could not close " + resource.getClass().getSimpleName(), failure);
        }
    }
}
