package dev.tollgate;

import dev.tollgate.forward.Forwarder;
import dev.tollgate.forward.Reply;
import dev.tollgate.meter.Meter;
import dev.tollgate.receive.Receiver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Answers AI calls. {@link #chat} is the way of a call: each line is a package, best read in this order. Only the lines that
 * wait (read, reserve, send, stream) are asynchronous; each step is plain code over immutable values, and none knows the next.
 */
public final class Gateway {
    private final Supplier<Setup> setups;
    private final Calls calls;
    private final Receiver receiver;
    private final Forwarder forwarder;
    private final Errors errors;
    private final Meter meter;

    Gateway(
            Supplier<Setup> setups,
            Calls calls,
            Receiver receiver,
            Forwarder forwarder,
            Errors errors,
            Meter meter) {
        this.setups = setups;
        this.calls = calls;
        this.receiver = receiver;
        this.forwarder = forwarder;
        this.errors = errors;
        this.meter = meter;
    }

    /**
     * Answers one chat call.
     *
     * @return completes, never exceptionally, when the call is over and nothing will touch its exchange again
     */
    CompletionStage<Void> chat(Exchange exchange, Endpoint endpoint) {
        Setup setup = setups.get();
        Call call = calls.begin(exchange, endpoint, setup); // id, clock, what to do when the caller leaves
        return CompletableFuture.completedFuture(call)
                .thenApply(c -> c.calledBy(setup.authenticator().identify(exchange))) // access: who is it?
                .thenCompose(receiver::read) // receive: the body, once, capped, checked
                .thenApply(this::inspect) // guard: may it be said?
                .thenApply(c -> c.planned(setup.router().plan(c.model(), c.caller()))) // route: ordered candidates
                .thenCompose(this::reserve) // limit: a permit, or a refusal
                .thenCompose(forwarder::send) // translate, forward, fall back
                .thenCompose(Reply::streamBack) // stream: with back-pressure
                .handle((done, failure) -> settle(call, failure)) // meter: exactly once, on every way out
                .thenCompose(over -> over);
    }
}
