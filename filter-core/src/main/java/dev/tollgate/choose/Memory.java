package dev.tollgate.choose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Who has served what of late. It holds digests and names of targets, only so many, and forgets those first that were used longest ago. */
final class Memory {
    private static final int PARTS = 32;
    private static final int MOST_TARGETS = 4;

    private final LongSupplier nanoTime;
    private final int mostPerPart;
    private final List<Map<String, List<Served>>> parts = new ArrayList<>(PARTS);

    /** @param most digests that are kept, about */
    Memory(LongSupplier nanoTime, int most) {
        this.nanoTime = nanoTime;
        this.mostPerPart = Math.max(1, most / PARTS);
        for (int i = 0; i < PARTS; i++) {
            parts.add(new LinkedHashMap<>());
        }
    }

    /**
     * A target that has served something.
     *
     * @param since since when nobody else has, in nanoseconds
     * @param last when it did for the last time, in nanoseconds
     */
    record Served(String label, long since, long last) {}

    /** Notes that a target has served something. */
    void note(String digest, String label) {
        long now = nanoTime.getAsLong();
        Map<String, List<Served>> part = part(digest);
        synchronized (part) {
            List<Served> before = part.remove(digest); // it is put behind all others
            part.put(digest, with(before == null ? List.of() : before, label, now));
            if (part.size() > mostPerPart) {
                part.remove(part.keySet().iterator().next());
            }
        }
    }

    private static List<Served> with(List<Served> before, String label, long now) {
        boolean still = !before.isEmpty() && before.get(0).label().equals(label);
        List<Served> all = new ArrayList<>(MOST_TARGETS);
        all.add(new Served(label, still ? before.get(0).since() : now, now));
        before.stream()
                .filter(each -> !each.label().equals(label))
                .limit(MOST_TARGETS - 1)
                .forEach(all::add);
        return List.copyOf(all);
    }

    /** Those that have served something not longer ago than this, in nanoseconds; who did last is first. */
    List<Served> find(String digest, long withinNanos) {
        long now = nanoTime.getAsLong();
        Map<String, List<Served>> part = part(digest);
        List<Served> known;
        synchronized (part) {
            known = part.getOrDefault(digest, List.of());
        }
        return known.stream().filter(each -> now - each.last() < withinNanos).toList();
    }

    private Map<String, List<Served>> part(String digest) {
        return parts.get(Math.floorMod(digest.hashCode(), PARTS));
    }
}
