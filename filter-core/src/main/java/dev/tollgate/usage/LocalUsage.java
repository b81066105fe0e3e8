package dev.tollgate.usage;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** Totals in this JVM. It answers at once. */
public final class LocalUsage implements SharedUsage {
    private final LongSupplier nanoTime;
    private final TreeMap<String, Kept> kept = new TreeMap<>();

    private record Kept(String totals, long until) {}

    /** @param nanoTime a monotonic clock in nanoseconds */
    public LocalUsage(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized CompletionStage<Void> publish(String node, Map<String, String> totals, Duration keep) {
        long now = nanoTime.getAsLong();
        kept.values().removeIf(old -> old.until() - now <= 0);
        long until = now + keep.toNanos();
        totals.forEach((name, value) -> kept.put(name + '|' + node, new Kept(value, until)));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Map<String, String>> find(String prefix) {
        long now = nanoTime.getAsLong();
        Map<String, String> found = new TreeMap<>();
        for (Map.Entry<String, Kept> each : kept.tailMap(prefix).entrySet()) {
            if (!each.getKey().startsWith(prefix)) {
                break;
            }
            if (each.getValue().until() - now > 0) {
                found.put(each.getKey(), each.getValue().totals());
            }
        }
        return CompletableFuture.completedFuture(found);
    }

    @Override
    public synchronized void close() {
        kept.clear();
    }
}
