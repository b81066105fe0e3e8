package dev.tollgate.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.lease.SharedSlots;
import dev.tollgate.lease.SlotName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Slots shared by the nodes of a cluster. What a node holds is forgotten when it leaves or says nothing for a while. */
final class HazelcastSlots implements SharedSlots {
    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    private final HazelcastInstance instance;
    private final Supplier<String> member;
    private final String node;
    private final int size;
    private final LongSupplier clock;
    private final Set<SlotName> held = ConcurrentHashMap.newKeySet();

    /**
     * @param member the member that this node is, or an empty text for a client
     * @param node this node's id
     * @param size how many members there normally are
     * @param clock the time of the cluster in nanoseconds since 1970
     */
    HazelcastSlots(HazelcastInstance instance, Supplier<String> member, String node, int size, LongSupplier clock) {
        this.instance = instance;
        this.member = member;
        this.node = node;
        this.size = size;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Holding> hold(String name, long most, OnLoss onLoss, long least, long wanted) {
        HoldWork.Wish wish = new HoldWork.Wish(most, least, wanted, holder(), onLoss == OnLoss.SHARE ? size : 0);
        return Submitted.to(instance, SharedMaps.name(SharedMaps.SLOTS, onLoss), name, new HoldWork(wish))
                .thenApply(answer -> {
                    if (answer[0] > 0) {
                        held.add(new SlotName(name, onLoss));
                    }
                    return new Holding(answer[0], answer[1]);
                });
    }

    @Override
    public CompletionStage<Void> renew(Map<SlotName, Long> holdings) {
        Map<OnLoss, Map<String, Long>> byPolicy = new HashMap<>();
        holdings.forEach((name, count) -> byPolicy.computeIfAbsent(name.onLoss(), policy -> new HashMap<>())
                .put(name.name(), count));
        List<CompletableFuture<?>> answers = new ArrayList<>();
        byPolicy.forEach((onLoss, counts) -> answers.add(renew(onLoss, counts)));
        holdings.forEach((name, count) -> {
            if (count > 0) {
                held.add(name);
            } else {
                held.remove(name);
            }
        });
        return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<?> renew(OnLoss onLoss, Map<String, Long> counts) {
        RenewWork work = new RenewWork(counts, holder());
        return Submitted.all(instance, SharedMaps.name(SharedMaps.SLOTS, onLoss), counts.keySet(), work);
    }

    private Slotholder holder() {
        return new Slotholder(node, member.get(), clock.getAsLong());
    }

    /** Gives up all that is held, so that the others need not wait until it is over. */
    @Override
    public void close() {
        Map<SlotName, Long> nothing = new HashMap<>();
        held.forEach(name -> nothing.put(name, 0L));
        // An instance of the container's may have ended before the gateway, and holds nothing for it then.
        if (!nothing.isEmpty() && instance.getLifecycleService().isRunning()) {
            renew(nothing)
                    .toCompletableFuture()
                    .completeOnTimeout(null, LAST_WORD.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(failure -> null)
                    .join();
        }
    }
}
