package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.dialect.Translation;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import dev.tollgate.stream.Lane;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way along its candidates. Everything about the call from here to its end happens in one lane: what
 * providers send, deadlines, what the caller has taken, and that it has left.
 */
final class Forwarding {
    private static final System.Logger LOG = System.getLogger(Forwarder.class.getName());

    private final Forwarder forwarder;
    private final Call call;
    private final Lane lane = new Lane(this::crashed);
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final List<Choice> choices;
    private int tried;
    private @Nullable Attempt attempt;
    private @Nullable Shortfall worst;

    /** A target, and how to ask it. */
    private record Choice(Candidate candidate, Way way) {}

    Forwarding(Forwarder forwarder, Call call) {
        this.forwarder = forwarder;
        this.call = call;
        this.choices = call.plan().candidates().stream()
                .flatMap(candidate -> candidate
                        .provider()
                        .way(
                                call.endpoint().operation(),
                                call.endpoint().format().id(),
                                candidate.model())
                        .map(way -> new Choice(candidate, way))
                        .stream())
                .limit(Math.max(1, call.plan().model().attempts()))
                .toList();
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

    Lane lane() {
        return lane;
    }

    /** Nanoseconds left of the whole call's time. */
    long nanosLeft() {
        return call.plan().model().timeouts().total().toNanos() - (call.now() - call.startNanos());
    }

    private void tryNext() {
        if (call.isCancelled()) {
            reply.completeExceptionally(left());
            return;
        }
        if (choices.isEmpty()) {
            reply.completeExceptionally(unable());
            return;
        }
        Choice choice = choices.get(tried++);
        Candidate candidate = choice.candidate();
        Translation translation;
        try {
            translation = forwarder.translator.translate(call, candidate, choice.way());
        } catch (Refusal refusal) {
            reply.completeExceptionally(refusal);
            return;
        }
        call.answeredBy(candidate);
        attempt = new Attempt(this, candidate, choice.way(), translation, tried);
        attempt.start();
    }

    /** The attempt under way answers. */
    void served(Attempt by, Reply answer, int status) {
        call.attempted(new CallRecord.Attempt(by.candidate().label(), status, null, by.nanos()));
        reply.complete(answer);
    }

    /** The attempt under way does not answer. */
    void fellShort(Attempt by, Shortfall shortfall) {
        call.attempted(
                new CallRecord.Attempt(by.candidate().label(), shortfall.status(), shortfall.code(), by.nanos()));
        worst = worst == null ? shortfall : worst.orMoreTelling(shortfall);
        boolean another = shortfall.another() && tried < choices.size() && nanosLeft() > 0;
        LOG.log(
                levelOf(shortfall.code(), another),
                () -> call.id() + ": " + by.candidate().label() + " fell short: "
                        + shortfall.code().id() + " (" + shortfall.detail() + ")"
                        + (another
                                ? "; trying " + choices.get(tried).candidate().label()
                                : ""));
        if (another) {
            tryNext();
        } else {
            reply.completeExceptionally(shortfall.another() ? worst.refusal() : shortfall.refusal());
        }
    }

    /** The operator hears of every provider that failed; louder where that cost the caller its answer. */
    private static Level levelOf(ErrorCode code, boolean another) {
        if (code == ErrorCode.CALLER_CANCELLED) {
            return Level.DEBUG;
        }
        return another || code == ErrorCode.PROVIDER_REJECTED ? Level.INFO : Level.WARNING;
    }

    private void cancelled() {
        if (attempt != null) {
            attempt.cancel();
        }
    }

    private Refusal unable() {
        String asked = call.endpoint().template();
        return new Refusal(ErrorCode.CALLER_BAD_REQUEST, "no target of this model can do what " + asked + " asks for")
                .at("model");
    }

    private static Refusal left() {
        return new Refusal(ErrorCode.CALLER_CANCELLED, "the caller left before it was answered");
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
