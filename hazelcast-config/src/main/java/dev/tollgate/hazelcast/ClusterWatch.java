package dev.tollgate.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import dev.tollgate.OwnThreads;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A thread that looks after the cluster once a second, and may wait for it. */
final class ClusterWatch implements Executor, AutoCloseable {
    private static final Logger LOG = System.getLogger(ClusterWatch.class.getName());
    private static final Duration ALARMING = Duration.ofSeconds(1);

    private final ScheduledThreadPoolExecutor thread;
    private final LongSupplier clusterNanos;
    private final InstantSource clock;
    private boolean alarmed;

    /** @param clusterNanos the time of the cluster in nanoseconds since 1970 */
    ClusterWatch(LongSupplier clusterNanos, InstantSource clock) {
        this.clusterNanos = clusterNanos;
        this.clock = clock;
        this.thread = new ScheduledThreadPoolExecutor(1, OwnThreads.named("tollgate-cluster-watch"));
    }

    void start(HazelcastInstance instance, boolean isMember) {
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(
                () -> {
                    checkClock();
                    if (isMember && instance.getLifecycleService().isRunning()) {
                        Reach.of(instance).members();
                    }
                },
                1,
                1,
                TimeUnit.SECONDS);
    }

    /**
     * Tells once when the machine's clock goes another way than the cluster's, and once when it is back.
     *
     * @return whether it is far off
     */
    boolean checkClock() {
        long off = clock.millis() - TimeUnit.NANOSECONDS.toMillis(clusterNanos.getAsLong());
        boolean far = Math.abs(off) > ALARMING.toMillis();
        if (far && !alarmed) {
            LOG.log(
                    Level.WARNING,
                    "this machine''s clock is {0} ms off that of the cluster. Limits go by the cluster''s; but windows of the "
                            + "calendar begin and end here by that much too late or too early",
                    off);
        } else if (alarmed && !far) {
            LOG.log(Level.INFO, "this machine's clock agrees with that of the cluster again");
        }
        alarmed = far;
        return far;
    }

    @Override
    public void execute(Runnable work) {
        thread.execute(work);
    }

    @Override
    public void close() {
        OwnThreads.end(thread);
    }
}
