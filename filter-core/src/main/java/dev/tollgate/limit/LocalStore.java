package dev.tollgate.limit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Buckets in this JVM. It answers at once.
 *
 * <p>A bucket that has become full again is like one that was never used, so full ones are dropped now and then. When there
 * are as many as are kept at most and none is full, buckets of new names are refused rather than old ones forgotten, which
 * would let their callers through twice.
 */
public final class LocalStore implements LimitStore {
    private static final int MOST_BUCKETS = 100_000;
    private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long CROWDED_SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ConcurrentMap<String, LocalBucket> buckets = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final int most;
    private final AtomicLong lastSweep;

    /** @param nanoTime a monotonic clock in nanoseconds */
    public LocalStore(LongSupplier nanoTime) {
        this(nanoTime, MOST_BUCKETS);
    }

    LocalStore(LongSupplier nanoTime, int most) {
        this.nanoTime = nanoTime;
        this.most = most;
        this.lastSweep = new AtomicLong(nanoTime.getAsLong());
    }

    @Override
    public CompletionStage<Verdict> take(String bucket, Shape shape, long tokens) {
        while (true) {
            LocalBucket kept = keep(bucket, shape);
            if (kept == null) {
                return CompletableFuture.failedStage(new IllegalStateException("all " + most + " buckets are in use"));
            }
            Verdict verdict = kept.take(shape, tokens);
            if (verdict != null) {
                return CompletableFuture.completedStage(verdict);
            }
            buckets.remove(bucket, kept);
        }
    }

    @Override
    public CompletionStage<Long> waitNanos(String bucket, Shape shape, long tokens) {
        LocalBucket kept = buckets.get(bucket);
        return CompletableFuture.completedStage(kept == null ? 0 : kept.waitNanos(tokens));
    }

    @Override
    public void giveBack(String bucket, Shape shape, long tokens) {
        LocalBucket kept = buckets.get(bucket);
        if (kept != null) {
            kept.giveBack(tokens);
        }
    }

    @Override
    public void close() {
        buckets.clear();
    }

    /** How many buckets are kept. */
    int size() {
        return buckets.size();
    }

    private @Nullable LocalBucket keep(String name, Shape shape) {
        LocalBucket kept = buckets.get(name);
        if (kept != null) {
            return kept;
        }
        sweepAfter(buckets.size() < most ? SWEEP_NANOS : CROWDED_SWEEP_NANOS);
        return buckets.size() < most ? buckets.computeIfAbsent(name, absent -> new LocalBucket(shape, nanoTime)) : null;
    }

    private void sweepAfter(long nanos) {
        long last = lastSweep.get();
        long now = nanoTime.getAsLong();
        if (now - last >= nanos && lastSweep.compareAndSet(last, now)) {
            buckets.values().removeIf(LocalBucket::retireWhenFull);
        }
    }
}
