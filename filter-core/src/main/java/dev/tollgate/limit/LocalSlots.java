package dev.tollgate.limit;

import dev.tollgate.config.Settings.OnLoss;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The calls under way in this JVM. It answers at once.
 *
 * <p>Counts outlive a change of the configuration, so calls that began before it still count after it. A name whose last
 * call has ended takes no memory.
 */
public final class LocalSlots implements Slots {
    private final ConcurrentMap<String, Long> held = new ConcurrentHashMap<>();

    @Override
    public CompletionStage<Optional<Slot>> take(String name, long most, OnLoss onLoss) {
        return CompletableFuture.completedStage(take(name, most));
    }

    private Optional<Slot> take(String name, long most) {
        while (true) {
            Long count = held.get(name);
            if (most < 1 || (count != null && count >= most)) {
                return Optional.empty();
            }
            if (count == null ? held.putIfAbsent(name, 1L) == null : held.replace(name, count, count + 1)) {
                return Optional.of(new Held(name));
            }
        }
    }

    @Override
    public OptionalLong free(String name, long most) {
        return OptionalLong.of(Math.max(0, most - held(name)));
    }

    @Override
    public long held(String name) {
        return held.getOrDefault(name, 0L);
    }

    @Override
    public void close() {
        held.clear();
    }

    /** How many names have a slot held. */
    int names() {
        return held.size();
    }

    private final class Held implements Slot {
        private final String name;
        private final AtomicBoolean released = new AtomicBoolean();

        private Held(String name) {
            this.name = name;
        }

        @Override
        public void release() {
            if (released.compareAndSet(false, true)) {
                held.computeIfPresent(name, (same, count) -> count > 1 ? count - 1 : null);
            }
        }
    }
}
