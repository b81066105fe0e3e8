package dev.tollgate.limit;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The calls under way in this JVM, counted apart by name. Limits on concurrency hold per node for now: with several nodes
 * each lets its own calls through up to the limit.
 *
 * <p>Counts outlive a change of the configuration, so calls that began before it still count after it. A name whose last
 * call has ended takes no memory.
 */
public final class Slots {
    private final ConcurrentMap<String, Long> held = new ConcurrentHashMap<>();

    /**
     * Takes a slot if fewer than {@code most} of its name are held.
     *
     * @return the slot, to be released once; or empty when all are held
     */
    public Optional<Slot> take(String name, long most) {
        while (true) {
            Long count = held.get(name);
            if (most < 1 || (count != null && count >= most)) {
                return Optional.empty();
            }
            if (count == null ? held.putIfAbsent(name, 1L) == null : held.replace(name, count, count + 1)) {
                return Optional.of(new Slot(name));
            }
        }
    }

    /** How many slots of a name are held. */
    public long held(String name) {
        return held.getOrDefault(name, 0L);
    }

    /** How many names have a slot held. */
    int names() {
        return held.size();
    }

    /** One call's place among those under way. */
    public final class Slot {
        private final String name;
        private final AtomicBoolean released = new AtomicBoolean();

        private Slot(String name) {
            this.name = name;
        }

        /** Frees the slot; later calls do nothing. */
        public void release() {
            if (released.compareAndSet(false, true)) {
                held.computeIfPresent(name, (same, count) -> count > 1 ? count - 1 : null);
            }
        }
    }
}
