package dev.tollgate.lease;

import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.LimitStore;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Allowances that a cluster keeps and this node holds slices of. Most calls are served from a slice; no call waits for the
 * cluster longer than 250 ms; and no more is let through on all nodes together than the cluster alone would have.
 */
public final class LeasingStore implements LimitStore {
    private static final int MOST_LEASES = 100_000;
    private static final long TICK_MILLIS = 100;

    private final ConcurrentMap<String, Lease> leases = new ConcurrentHashMap<>();
    private final LimitStore grid;
    private final LeaseDesk desk;
    private final int mostLeases;
    private final Future<?> ticks;

    /**
     * @param grid the cluster, which may take as long as it likes to answer
     * @param members how many nodes there are
     * @param timers runs what must happen in time; nothing in it waits
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public LeasingStore(
            LimitStore grid, int members, ScheduledExecutorService timers, LongSupplier nanoTime, LeaseCounts counts) {
        this(grid, members, timers, nanoTime, counts, MOST_LEASES);
    }

    LeasingStore(
            LimitStore grid,
            int members,
            ScheduledExecutorService timers,
            LongSupplier nanoTime,
            LeaseCounts counts,
            int mostLeases) {
        this.grid = grid;
        this.desk = new LeaseDesk(grid, new Lending(members), timers, nanoTime, counts);
        this.mostLeases = mostLeases;
        this.ticks = timers.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletionStage<Verdict> take(Allowance allowance, long amount, long leaving) {
        while (true) {
            Lease lease = keep(allowance);
            if (lease == null) {
                Allowance shared = desk.lending().shared(allowance);
                return desk.inTime(() -> grid.take(shared, amount, leaving));
            }
            CompletionStage<Verdict> answer = lease.take(allowance, amount, leaving);
            if (answer != null) {
                return answer;
            }
            leases.remove(allowance.name(), lease);
        }
    }

    @Override
    public CompletionStage<Long> waitNanos(Allowance allowance, long amount, long leaving) {
        if (amount > allowance.shape().capacity() - leaving) {
            return CompletableFuture.completedStage(Verdict.NEVER);
        }
        Allowance shared = desk.lending().shared(allowance);
        long asked = Math.min(amount, Lending.full(shared));
        long left = Math.min(leaving, Lending.full(shared) - asked);
        Supplier<CompletionStage<Long>> question = () -> desk.inTime(() -> grid.waitNanos(shared, asked, left));
        // Calls that another limit refuses come as often as their callers like, and only look at this one.
        Lease lease = keep(allowance);
        return lease == null ? question.get() : lease.waitNanos(amount, leaving, question);
    }

    @Override
    public OptionalLong remaining(Allowance allowance) {
        Lease lease = leases.get(allowance.name());
        return lease == null ? OptionalLong.empty() : lease.known();
    }

    @Override
    public void giveBack(Allowance allowance, long amount) {
        while (true) {
            Lease lease = keep(allowance);
            if (lease == null) {
                desk.giveBack(desk.lending().shared(allowance), amount);
                return;
            }
            if (lease.giveBack(allowance, amount)) {
                return;
            }
            leases.remove(allowance.name(), lease);
        }
    }

    @Override
    public void charge(Allowance allowance, long amount) {
        Lease lease = leases.get(allowance.name());
        if (lease == null || !lease.charge(allowance, amount)) {
            desk.charge(desk.lending().shared(allowance), amount);
        }
    }

    @Override
    public void seed(Allowance window, long charged) {
        if (!leases.containsKey(window.name())) {
            grid.seed(window, charged);
        }
    }

    @Override
    public CompletionStage<Boolean> first(String event, Instant until) {
        return desk.inTime(() -> grid.first(event, until));
    }

    /** Gives all back, and closes the store below. */
    @Override
    public void close() {
        ticks.cancel(false);
        leases.values().forEach(Lease::close);
        leases.clear();
        grid.close();
    }

    private @Nullable Lease keep(Allowance allowance) {
        Lease lease = leases.get(allowance.name());
        if (lease != null || leases.size() >= mostLeases) {
            return lease;
        }
        return leases.computeIfAbsent(allowance.name(), absent -> new Lease(desk, allowance));
    }

    private void tick() {
        leases.forEach((name, lease) -> {
            if (lease.tick()) {
                leases.remove(name, lease);
            }
        });
    }

    /** How many allowances this node has in hand. */
    int size() {
        return leases.size();
    }

    /** What this node holds of an allowance, to be taken without asking. */
    long held(String name) {
        Lease lease = leases.get(name);
        return lease == null ? 0 : lease.held();
    }
}
