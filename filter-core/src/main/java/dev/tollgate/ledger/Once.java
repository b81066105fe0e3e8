package dev.tollgate.ledger;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Hands on each row once: of several of the same kind with the same id the last. It holds back the newest rows and knows no
 * others, so that it takes little memory however many rows pass; rows with one id stand near each other.
 */
final class Once implements Consumer<Entry> {
    private static final int HELD_BACK = 50_000;

    private final Consumer<Entry> next;
    private final int most;
    private final Map<Key, Entry> held = new LinkedHashMap<>();

    private record Key(Class<?> kind, String id) {}

    Once(Consumer<Entry> next) {
        this(next, HELD_BACK);
    }

    Once(Consumer<Entry> next, int most) {
        this.next = next;
        this.most = most;
    }

    @Override
    public void accept(Entry entry) {
        held.put(new Key(entry.getClass(), entry.id()), entry);
        if (held.size() > most) {
            Iterator<Entry> eldest = held.values().iterator();
            next.accept(eldest.next());
            eldest.remove();
        }
    }

    /** Hands on all that is held back. */
    void flush() {
        held.values().forEach(next);
        held.clear();
    }
}
