package dev.tollgate.pin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** Pins in this JVM. It answers at once. */
public final class LocalPins implements Pins {
    private final LongSupplier nanoTime;
    private final int most;
    private final Map<String, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

    private record Kept(Pin pin, long since) {}

    /** @param nanoTime a monotonic clock in nanoseconds */
    public LocalPins(LongSupplier nanoTime) {
        this(nanoTime, MOST);
    }

    LocalPins(LongSupplier nanoTime, int most) {
        this.nanoTime = nanoTime;
        this.most = most;
    }

    @Override
    public synchronized CompletionStage<Optional<Pin>> find(String id) {
        Kept found = kept.get(id);
        if (found != null && nanoTime.getAsLong() - found.since() >= KEPT.toNanos()) {
            kept.remove(id);
            found = null;
        }
        return CompletableFuture.completedFuture(Optional.ofNullable(found).map(Kept::pin));
    }

    @Override
    public synchronized CompletionStage<Void> remember(String id, Pin pin) {
        kept.put(id, new Kept(pin, nanoTime.getAsLong()));
        if (kept.size() > most) {
            kept.remove(kept.keySet().iterator().next());
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Void> forget(String id) {
        kept.remove(id);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized void close() {
        kept.clear();
    }
}
