package dev.tollgate.bench.limits;

import dev.tollgate.access.Caller;
import dev.tollgate.config.Settings.Priority;
import dev.tollgate.limit.Demand;
import dev.tollgate.limit.LimitEvents;
import dev.tollgate.limit.LimitStore;
import dev.tollgate.limit.Limits;
import dev.tollgate.limit.LocalSlots;
import dev.tollgate.limit.RuleLimits;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;

/** The gateway's own limits over some store: reserve, then settle. */
final class ThroughLimits implements Way {
    private final Load load;
    private final Limits limits;
    private final List<Demand> demands;

    /** @param team tells these calls from those that go another way, so that no two ways share an allowance */
    ThroughLimits(Load load, LimitStore store, String team) {
        this.load = load;
        this.limits =
                new RuleLimits(load.settings(), store, new LocalSlots(), 2, InstantSource.system(), LimitEvents.NONE);
        this.demands = IntStream.range(0, Ways.KEYS)
                .mapToObj(key -> new Demand(
                        new Caller(team + "-" + key, team, null, List.of("*")),
                        "gpt-bench",
                        "127.0.0.1",
                        null,
                        load.reserved(),
                        Priority.INTERACTIVE))
                .toList();
    }

    @Override
    public void pass(int turn) {
        limits.reserve(demands.get(turn % Ways.KEYS))
                .toCompletableFuture()
                .join()
                .settle(load.used());
    }
}
