package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.RelayPath;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import dev.tollgate.stream.Lane;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One call that is not translated on its way along its candidates. As with {@link Forwarding}, everything about it happens in
 * one lane. A second candidate is asked only while the whole body is still there.
 */
final class Relaying {
    private static final System.Logger LOG = System.getLogger(Forwarder.class.getName());

    private final Forwarder forwarder;
    private final Call call;
    private final RelayPath path;
    private final Lane lane = new Lane(this::crashed);
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final ArrayDeque<Choice> choices = new ArrayDeque<>();
    private int tried;
    private @Nullable RelayAttempt attempt;
    private @Nullable Shortfall worst;

    /** A target, and how to ask it. */
    private record Choice(Candidate candidate, Way way) {}

    Relaying(Forwarder forwarder, Call call, RelayPath path) {
        this.forwarder = forwarder;
        this.call = call;
        this.path = path;
        call.plan().candidates().stream()
                .flatMap(each -> path.way(each.provider(), each.model()).map(way -> new Choice(each, way)).stream())
                .limit(Math.max(1, call.plan().model().attempts()))
                .forEach(choices::add);
    }

    CompletionStage<Reply> begin() {
        lane.run(this::tryNext);
        call.onCancel(() -> lane.run(this::cancelled));
        return reply;
    }

    Forwarder forwarder() {
        return forwarder;
    }

    Call call() {
        return call;
    }

    RelayPath path() {
        return path;
    }

    Lane lane() {
        return lane;
    }

    /** Nanoseconds left of the whole call's time. */
    long nanosLeft() {
        return call.plan().model().timeouts().total().toNanos() - (call.now() - call.startNanos());
    }

    private void tryNext() {
        Choice choice = choices.poll();
        if (call.isCancelled()) {
            reply.completeExceptionally(
                    new Refusal(ErrorCode.CALLER_CANCELLED, "the caller left before it was answered"));
        } else if (choice == null) {
            reply.completeExceptionally(unable());
        } else {
            tried++;
            call.answeredBy(choice.candidate());
            attempt = new RelayAttempt(this, choice.candidate(), choice.way(), tried);
            attempt.start();
        }
    }

    private Refusal unable() {
        String asked = call.endpoint().template();
        return new Refusal(ErrorCode.CALLER_BAD_REQUEST, "no target of this model can do what " + asked + " asks for")
                .at("model");
    }

    /** The attempt under way answers. */
    void served(RelayAttempt by, Reply answer, int status) {
        call.attempted(new CallRecord.Attempt(by.candidate().label(), status, null, by.nanos()));
        reply.complete(answer);
    }

    /** The attempt under way does not answer. */
    void fellShort(RelayAttempt by, Shortfall shortfall) {
        call.attempted(
                new CallRecord.Attempt(by.candidate().label(), shortfall.status(), shortfall.code(), by.nanos()));
        worst = worst == null ? shortfall : worst.orMoreTelling(shortfall);
        boolean another = shortfall.another()
                && call.upload().isRepeatable()
                && call.exchange().method().equals("POST")
                && !choices.isEmpty()
                && nanosLeft() > 0;
        LOG.log(
                another || shortfall.code() == ErrorCode.CALLER_CANCELLED ? Level.DEBUG : Level.INFO,
                () -> call.id() + ": " + by.candidate().label() + " fell short: "
                        + shortfall.code().id() + " (" + shortfall.detail() + ")");
        if (another) {
            tryNext();
        } else {
            reply.completeExceptionally(shortfall.another() ? worst.refusal() : shortfall.refusal());
        }
    }

    private void cancelled() {
        if (attempt != null) {
            attempt.cancel();
        }
    }

    /** A fault of the gateway's own ends the call, and everything it holds, like any other failure. */
    private void crashed(Throwable fault) {
        LOG.log(Level.ERROR, "a fault of the gateway's own in " + call.id(), fault);
        Refusal refusal = new Refusal(ErrorCode.GATEWAY_INTERNAL, "the gateway has failed on this call");
        try {
            if (attempt != null) {
                attempt.crash(refusal);
            }
        } finally {
            reply.completeExceptionally(refusal);
        }
    }
}
