package dev.tollgate.lease;

import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.LimitStore;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** A store at the other end of a network. */
record SimulatedGrid(LimitStore cluster, SimulatedNetwork network) implements LimitStore {

    @Override
    public CompletionStage<Verdict> take(Allowance allowance, long amount, long leaving) {
        return network.ask(() -> cluster.take(allowance, amount, leaving));
    }

    @Override
    public CompletionStage<Long> waitNanos(Allowance allowance, long amount, long leaving) {
        return network.ask(() -> cluster.waitNanos(allowance, amount, leaving));
    }

    @Override
    public void giveBack(Allowance allowance, long amount) {
        network.tell(() -> cluster.giveBack(allowance, amount));
    }

    @Override
    public void charge(Allowance allowance, long amount) {
        network.tell(() -> cluster.charge(allowance, amount));
    }

    @Override
    public void seed(Allowance window, long charged) {
        cluster.seed(window, charged);
    }

    @Override
    public CompletionStage<Boolean> first(String event, Instant until) {
        return network.ask(() -> cluster.first(event, until));
    }

    @Override
    public void close() {}
}
