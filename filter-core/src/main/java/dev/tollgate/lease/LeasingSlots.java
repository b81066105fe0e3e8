package dev.tollgate.lease;

import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Slots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The calls under way in all of a cluster. This node holds slots of the cluster's for its calls, says every five seconds that it
 * still does, and gives them up when calls end; the cluster takes back those of a node that is gone or silent for long.
 */
public final class LeasingSlots implements Slots {
    private static final long TICK_MILLIS = 250;
    private static final long RENEWAL_MILLIS = 5_000;
    private static final int MOST_RENEWALS = 64;

    private final ConcurrentMap<SlotName, SlotHolding> holdings = new ConcurrentHashMap<>();
    private final SlotDesk desk;
    private final Future<?> ticks;
    private final Future<?> renewals;

    /**
     * @param members how many nodes there are
     * @param timers runs what must happen in time; nothing in it waits
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public LeasingSlots(
            SharedSlots shared,
            int members,
            ScheduledExecutorService timers,
            LongSupplier nanoTime,
            LeaseCounts counts) {
        this.desk = new SlotDesk(shared, members, timers, nanoTime, counts);
        this.ticks = timers.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        this.renewals =
                timers.scheduleWithFixedDelay(this::renew, RENEWAL_MILLIS, RENEWAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletionStage<Optional<Slot>> take(String name, long most, OnLoss onLoss) {
        SlotName key = new SlotName(name, onLoss);
        while (true) {
            SlotHolding holding = holdings.computeIfAbsent(key, absent -> new SlotHolding(desk, absent));
            CompletionStage<Optional<Slot>> answer = holding.take(most);
            if (answer != null) {
                return answer;
            }
            holdings.remove(key, holding);
        }
    }

    @Override
    public long held(String name) {
        long held = 0;
        for (OnLoss onLoss : OnLoss.values()) {
            SlotHolding holding = holdings.get(new SlotName(name, onLoss));
            held += holding == null ? 0 : holding.used();
        }
        return held;
    }

    /** Gives all up, and closes the cluster's side. */
    @Override
    public void close() {
        ticks.cancel(false);
        renewals.cancel(false);
        Map<SlotName, Long> none = new HashMap<>();
        holdings.forEach((name, holding) -> {
            if (holding.close()) {
                none.put(name, 0L);
            }
        });
        holdings.clear();
        if (!none.isEmpty()) {
            desk.run(() -> desk.shared().renew(none), () -> {}, (done, failure) -> {});
        }
        desk.shared().close();
    }

    private void tick() {
        holdings.forEach((name, holding) -> {
            if (holding.tick()) {
                holdings.remove(name, holding);
            }
        });
    }

    /** Renews all in few operations, but not in one: a part of the cluster that is silent holds up only those it is asked with. */
    private void renew() {
        List<Map<SlotName, SlotHolding>> groups = new ArrayList<>();
        int next = 0;
        for (Map.Entry<SlotName, SlotHolding> each : holdings.entrySet()) {
            if (groups.size() < MOST_RENEWALS) {
                groups.add(new HashMap<>());
            }
            groups.get(next++ % MOST_RENEWALS).put(each.getKey(), each.getValue());
        }
        groups.forEach(this::renew);
    }

    private void renew(Map<SlotName, SlotHolding> group) {
        Operation renewal = Operation.keep(0, desk.now());
        Map<SlotName, Long> held = new HashMap<>();
        group.forEach((name, holding) -> {
            long count = holding.renewing(renewal);
            if (count > 0) {
                held.put(name, count);
            }
        });
        if (!held.isEmpty()) {
            desk.run(
                    () -> desk.shared().renew(held),
                    () -> group.values().forEach(holding -> holding.overdue(renewal)),
                    (done, failure) -> group.values().forEach(holding -> holding.ended(renewal, null, failure)));
        }
    }

    /** How many names this node has in hand. */
    int names() {
        return holdings.size();
    }

    /** How many slots of a name calls may use here without asking. */
    long usable(String name, OnLoss onLoss) {
        SlotHolding holding = holdings.get(new SlotName(name, onLoss));
        return holding == null ? 0 : holding.usable();
    }
}
