package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.config.Settings;
import dev.tollgate.dialect.TokenCounting;
import dev.tollgate.dialect.Translation;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import dev.tollgate.stream.Lane;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private int next;
    private int tried;
    private @Nullable Attempt attempt;
    private @Nullable Shortfall worst;
    private @Nullable Unable unable;
    private @Nullable Map<String, Source.Inline> fetched;

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
                        .filter(forwarder.translator::speaks)
                        .map(way -> new Choice(candidate, way))
                        .stream())
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
            answerAlone();
            return;
        }
        while (next < choices.size()) {
            Choice choice = choices.get(next++);
            try {
                if (fetches(choice) || asks(choice)) {
                    return;
                }
            } catch (Refusal refusal) {
                reply.completeExceptionally(refusal);
                return;
            }
        }
        reply.completeExceptionally(worst == null ? unable() : worst.refusal());
    }

    /** Fetches first what the target cannot fetch itself, where the operator allows that. */
    private boolean fetches(Choice choice) {
        Settings.Media allowed = call.setup().settings().media();
        if (allowed.fetchFrom().isEmpty() || fetched != null) {
            return false;
        }
        Set<String> urls = forwarder.translator.unfetchable(call, choice.way());
        if (urls.isEmpty()) {
            return false;
        }
        forwarder
                .media
                .fetch(urls, allowed)
                .whenComplete((media, fault) -> lane.run(() -> {
                    fetched = media == null ? Map.of() : media;
                    next--;
                    tryNext();
                }));
        return true;
    }

    private boolean asks(Choice choice) {
        Translation translation = forwarder.translator.translate(
                call, choice.candidate(), choice.way(), fetched == null ? Map.of() : fetched);
        boolean asks = may(choice, translation);
        if (asks) {
            attempt(choice, translation);
        }
        return asks;
    }

    private void attempt(Choice choice, Translation translation) {
        tried++;
        call.answeredBy(choice.candidate());
        attempt = new Attempt(this, choice.candidate(), choice.way(), translation, tried);
        attempt.start();
    }

    /** No target can do what is asked, so the gateway does, if it can itself. */
    private void answerAlone() {
        if (!(call.endpoint().format() instanceof TokenCounting counting)) {
            reply.completeExceptionally(unable());
            return;
        }
        try {
            reply.complete(new EstimatedCount(forwarder, call, counting));
        } catch (Refusal refusal) {
            reply.completeExceptionally(refusal);
        }
    }

    /** Whether a target may be asked although it is perhaps not told everything. */
    private boolean may(Choice choice, Translation translation) {
        Settings.Unsupported mode = call.plan().model().unsupported();
        if (mode == Settings.Unsupported.REPORT) {
            return true;
        }
        List<String> lost = translation.dropped();
        if (lost.isEmpty()) {
            return true;
        }
        unable = unable == null ? new Unable(lost.get(0)) : unable;
        unable.targets().add(choice.candidate().label());
        if (mode == Settings.Unsupported.STRICT) {
            next = choices.size();
        }
        return false;
    }

    /** A field that targets cannot be told. */
    private record Unable(String field, List<String> targets) {
        Unable(String field) {
            this(field, new ArrayList<>());
        }

        Refusal refusal() {
            return Refusal.badField(
                    field,
                    "'" + field + "' cannot be carried to " + String.join(", ", targets)
                            + "; leave it out, or ask for a model that takes it");
        }
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
        boolean another = shortfall.another() && next < choices.size() && mayTryAgain() && nanosLeft() > 0;
        LOG.log(
                levelOf(shortfall.code(), another),
                () -> call.id() + ": " + by.candidate().label() + " fell short: "
                        + shortfall.code().id() + " (" + shortfall.detail() + ")"
                        + (another ? "; trying " + choices.get(next).candidate().label() : ""));
        if (another) {
            tryNext();
        } else {
            reply.completeExceptionally(shortfall.another() ? worst.refusal() : shortfall.refusal());
        }
    }

    private boolean mayTryAgain() {
        return tried < Math.max(1, call.plan().model().attempts());
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
        if (unable != null) {
            return unable.refusal();
        }
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
