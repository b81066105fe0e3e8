package dev.tollgate.lease;

import dev.tollgate.lease.SharedSlots.Holding;
import dev.tollgate.testing.ManualTime;
import java.util.HashMap;
import java.util.Map;

/** Who holds how many slots, as a cluster knows it that is in one place. */
final class SlotTable {
    private final ManualTime time;
    private final Map<String, Map<String, Held>> names = new HashMap<>();

    private boolean lapsed;

    SlotTable(ManualTime time) {
        this.time = time;
    }

    private record Held(long count, long until) {}

    synchronized Holding hold(String node, String name, long most, long least, long wanted) {
        Map<String, Held> holders = living(name);
        long mine = heldBy(node, name);
        long free = most - held(name);
        long fitting = Math.min(wanted, mine + Math.max(0, free));
        long now = fitting >= least && fitting > mine ? fitting : mine;
        if (now > 0) {
            holders.put(node, new Held(now, time.getAsLong() + SharedSlots.EXPIRY.toNanos()));
        }
        return new Holding(now, Math.max(0, most - held(name)));
    }

    synchronized void renew(String node, Map<SlotName, Long> held) {
        held.forEach((name, count) -> {
            Map<String, Held> holders = living(name.name());
            if (count == 0) {
                holders.remove(node);
            } else {
                holders.put(node, new Held(count, time.getAsLong() + SharedSlots.EXPIRY.toNanos()));
            }
        });
    }

    /** A member has left. */
    synchronized void forget(String node) {
        names.values().forEach(holders -> holders.remove(node));
    }

    /** Whether a node has not been heard of for so long that its slots were given to others. */
    synchronized boolean hasLapsed() {
        return lapsed;
    }

    synchronized long held(String name) {
        return living(name).values().stream().mapToLong(Held::count).sum();
    }

    synchronized long heldBy(String node, String name) {
        Held held = living(name).get(node);
        return held == null ? 0 : held.count();
    }

    private Map<String, Held> living(String name) {
        Map<String, Held> holders = names.computeIfAbsent(name, absent -> new HashMap<>());
        lapsed |= holders.values().removeIf(held -> held.until() - time.getAsLong() <= 0);
        return holders;
    }
}
