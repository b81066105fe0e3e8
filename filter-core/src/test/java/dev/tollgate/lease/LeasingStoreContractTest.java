package dev.tollgate.lease;

import dev.tollgate.limit.LimitStore;
import dev.tollgate.limit.LocalStore;
import dev.tollgate.limit.StoreContract;
import dev.tollgate.testing.ManualTime;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** Nodes that hold leases are, to who asks them, like a store in one place. */
class LeasingStoreContractTest extends StoreContract {
    private final ManualTime time = new ManualTime(-3_000_000_000L);
    private final ScheduledExecutorService timers = new PatientTimers();
    private final LocalStore cluster = new LocalStore(time, time);
    private final List<LimitStore> nodes = List.of(node(), node(), node());

    @Override
    protected List<LimitStore> nodes() {
        return nodes;
    }

    @Override
    protected ManualTime time() {
        return time;
    }

    @AfterEach
    void stop() {
        timers.shutdownNow();
    }

    /** Their deadlines are none that a busy machine reaches. */
    private static final class PatientTimers extends ScheduledThreadPoolExecutor {
        PatientTimers() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
            return super.schedule(work, 1, TimeUnit.HOURS);
        }
    }

    private LeasingStore node() {
        return new LeasingStore(cluster, 3, timers, time, new LeaseCounts(line -> {}));
    }
}
