package dev.tollgate.health;

import dev.tollgate.provider.NamedCredential;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whose turn it is among several credentials: by their weights, as evenly as can be. To look does not change the turn, only to
 * take it.
 *
 * <p>Each call moves its credential on by one over its weight, and next is the one whose next step has its middle in front
 * (start-time fair queueing). Who was let be for a while has the credit of one step when it is back, not of all it has missed.
 */
final class Turn {
    private static final long STEP = 1_000_000_000;

    private final Map<String, Long> moved = new HashMap<>();
    private long front;

    /** All of them, the one whose turn it is in front. */
    synchronized List<NamedCredential> order(List<NamedCredential> among) {
        among.forEach(one -> moved.putIfAbsent(one.name(), front));
        List<NamedCredential> order = new ArrayList<>(among);
        order.sort(Comparator.comparingLong(one -> start(one) + step(one) / 2));
        return order;
    }

    /** One of them is used. */
    synchronized void take(NamedCredential one) {
        long start = start(one);
        front = Math.max(front, start);
        moved.put(one.name(), start + step(one));
    }

    private long start(NamedCredential one) {
        return Math.max(moved.getOrDefault(one.name(), front), front - step(one));
    }

    private static long step(NamedCredential one) {
        return STEP / Math.max(1, one.weight());
    }

    /** Forgets those that are gone. */
    synchronized void keep(Set<String> names) {
        moved.keySet().retainAll(names);
    }
}
