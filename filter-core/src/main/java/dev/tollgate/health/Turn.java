package dev.tollgate.health;

import dev.tollgate.provider.NamedCredential;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whose turn it is among several credentials: by their weights, as evenly as can be ("smooth weighted round-robin"). */
final class Turn {
    private final Map<String, Long> credit = new HashMap<>();

    /** All of them, the one whose turn it is in front. */
    synchronized List<NamedCredential> order(List<NamedCredential> among) {
        long whole = 0;
        for (NamedCredential one : among) {
            credit.merge(one.name(), (long) weight(one), Long::sum);
            whole += weight(one);
        }
        List<NamedCredential> order = new ArrayList<>(among);
        order.sort(Comparator.comparingLong((NamedCredential one) -> credit.getOrDefault(one.name(), 0L))
                .reversed());
        credit.merge(order.get(0).name(), -whole, Long::sum);
        return order;
    }

    /** Forgets those that are gone. */
    synchronized void keep(Set<String> names) {
        credit.keySet().retainAll(names);
    }

    private static int weight(NamedCredential one) {
        return Math.max(1, one.weight());
    }
}
