package dev.tollgate.limit;

import dev.tollgate.limit.Allowance.Shape;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Allowances in this JVM. It answers at once.
 *
 * <p>A bucket that has become full again is like one that was never used, and a window that is over is never asked for again, so
 * both are dropped now and then. When there are as many as are kept at most and none can be dropped, new names are refused
 * rather than old ones forgotten, which would let their callers through twice.
 */
public final class LocalStore implements LimitStore {
    private static final int MOST = 100_000;
    private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long CROWDED_SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ConcurrentMap<String, LocalCount> counts = new ConcurrentHashMap<>();
    private final Map<String, Instant> events = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final int most;
    private final AtomicLong lastSweep;

    /**
     * @param nanoTime a monotonic clock in nanoseconds, for buckets
     * @param clock the time of day, for windows of the calendar
     */
    public LocalStore(LongSupplier nanoTime, InstantSource clock) {
        this(nanoTime, clock, MOST);
    }

    LocalStore(LongSupplier nanoTime, InstantSource clock, int most) {
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.most = most;
        this.lastSweep = new AtomicLong(nanoTime.getAsLong());
    }

    @Override
    public CompletionStage<Verdict> take(Allowance allowance, long amount, long leaving) {
        while (true) {
            LocalCount kept = keep(allowance);
            if (kept == null) {
                return CompletableFuture.failedStage(new IllegalStateException("all " + most + " counts are in use"));
            }
            Verdict verdict = kept.take(allowance.shape(), amount, leaving);
            if (verdict != null) {
                return CompletableFuture.completedStage(verdict);
            }
            counts.remove(allowance.name(), kept);
        }
    }

    @Override
    public CompletionStage<Long> waitNanos(Allowance allowance, long amount, long leaving) {
        LocalCount kept = counts.get(allowance.name());
        Shape shape = allowance.shape();
        if (kept != null) {
            return CompletableFuture.completedStage(kept.waitNanos(shape, amount, leaving));
        }
        return CompletableFuture.completedStage(amount > shape.capacity() - leaving ? Verdict.NEVER : 0);
    }

    @Override
    public OptionalLong remaining(Allowance allowance) {
        LocalCount kept = counts.get(allowance.name());
        Shape shape = allowance.shape();
        return OptionalLong.of(kept == null ? shape.capacity() : kept.remaining(shape));
    }

    @Override
    public void giveBack(Allowance allowance, long amount) {
        LocalCount kept = counts.get(allowance.name());
        if (kept != null) {
            kept.giveBack(amount);
        }
    }

    @Override
    public void charge(Allowance allowance, long amount) {
        change(allowance, kept -> kept.charge(allowance.shape(), amount));
    }

    @Override
    public void seed(Allowance window, long charged) {
        change(window, kept -> kept.seed(charged));
    }

    /** Changes a count, a new one where it has been retired; nothing where there is no room, and so nothing was taken from it. */
    private void change(Allowance allowance, Predicate<LocalCount> change) {
        LocalCount kept = keep(allowance);
        while (kept != null && !change.test(kept)) {
            counts.remove(allowance.name(), kept);
            kept = keep(allowance);
        }
    }

    @Override
    public CompletionStage<Boolean> first(String event, Instant until) {
        if (events.size() >= most) {
            events.values().removeIf(end -> !clock.instant().isBefore(end));
        }
        boolean first = events.size() < most && events.putIfAbsent(event, until) == null;
        return CompletableFuture.completedStage(first);
    }

    @Override
    public void close() {
        counts.clear();
        events.clear();
    }

    /** How many allowances are kept. */
    int size() {
        return counts.size();
    }

    private @Nullable LocalCount keep(Allowance allowance) {
        LocalCount kept = counts.get(allowance.name());
        if (kept != null) {
            return kept;
        }
        sweepAfter(counts.size() < most ? SWEEP_NANOS : CROWDED_SWEEP_NANOS);
        return counts.size() < most
                ? counts.computeIfAbsent(allowance.name(), absent -> LocalCount.of(allowance.shape(), nanoTime, clock))
                : null;
    }

    private void sweepAfter(long nanos) {
        long last = lastSweep.get();
        long now = nanoTime.getAsLong();
        if (now - last >= nanos && lastSweep.compareAndSet(last, now)) {
            counts.values().removeIf(LocalCount::retireWhenIdle);
            events.values().removeIf(end -> !clock.instant().isBefore(end));
        }
    }
}
