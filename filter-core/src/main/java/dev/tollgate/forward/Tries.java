package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.account.Charge;
import dev.tollgate.account.Room;
import dev.tollgate.account.Used;
import dev.tollgate.choose.AskedBy;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Asked;
import dev.tollgate.route.Candidate;
import dev.tollgate.route.ModelName;
import dev.tollgate.stream.Lane;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tries of one call at its targets, one after another until one answers. Everything about the call from here to its end
 * happens in one lane: what providers send, deadlines, what the caller has taken, and that it has left.
 */
final class Tries {
    private static final System.Logger LOG = System.getLogger(Forwarder.class.getName());

    private final Forwarder forwarder;
    private final Call call;
    private final Asked asked;
    private final Asking asking;
    private final ArrayDeque<Choice> choices;
    private final Lane lane = new Lane(this::crashed);
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private int tried;
    private @Nullable Try current;
    private @Nullable Refusal limited;
    private @Nullable Shortfall worst;

    /** A target, and how to ask it. */
    record Choice(Candidate candidate, Way way) {}

    /** What knows how to ask the targets of a call. */
    interface Asking {
        /** Tries the next of the choices, or ends the call without. */
        void tryNext();

        /** Whether another target can be sent what this one was. */
        boolean isRepeatable();
    }

    /** One target being asked. */
    interface Try {
        Candidate candidate();

        /** Nanoseconds since it began. */
        long nanos();

        void start(Charge account);

        /** What it is charged, once it has started. */
        Charge charge();

        /** What health and load see of it. */
        Visit visit();

        /** The caller has left. */
        void cancel();

        /** The gateway has failed. */
        void crash(Refusal refusal);
    }

    /** @param ways how a target can be asked for this call, if it can */
    Tries(Forwarder forwarder, Call call, Function<Candidate, Optional<Way>> ways, Asking asking) {
        this.forwarder = forwarder;
        this.call = call;
        this.asked = AskedBy.of(call);
        this.choices = ranked(call.plan().candidates(), ways);
        this.asking = asking;
    }

    private ArrayDeque<Choice> ranked(List<Candidate> candidates, Function<Candidate, Optional<Way>> ways) {
        Map<Candidate, Way> able = new LinkedHashMap<>();
        candidates.forEach(each -> ways.apply(each).ifPresent(way -> able.put(each, way)));
        ArrayDeque<Choice> ranked = new ArrayDeque<>(able.size());
        for (Candidate each :
                forwarder.chooser.rank(asked, List.copyOf(able.keySet())).order()) {
            ranked.add(new Choice(each, Objects.requireNonNull(able.get(each))));
        }
        return ranked;
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

    /** Those that were not tried yet; whoever tries one takes it off. */
    ArrayDeque<Choice> choices() {
        return choices;
    }

    /** Which try the next is, from 1. */
    int number() {
        return tried + 1;
    }

    /** Whether no target has been tried or passed over. */
    boolean isFirst() {
        return tried == 0 && limited == null;
    }

    /** Nanoseconds left of the whole call's time. */
    long nanosLeft() {
        return call.plan().model().timeouts().total().toNanos() - (call.now() - call.startNanos());
    }

    /** Goes on with the next target, unless the caller has left. */
    void tryNext() {
        if (call.isCancelled()) {
            refuse(left());
        } else {
            asking.tryNext();
        }
    }

    /** Starts a try once there is room for it in the limits; where there is none, the next is tried. */
    void start(Try next) {
        lane.take(call.account().room(next.candidate()), (room, none) -> {
            if (room != null) {
                begin(next, room);
            } else {
                noRoom(next, none);
            }
        });
    }

    private void begin(Try next, Room room) {
        if (call.isCancelled()) {
            room.giveUp();
            refuse(left());
            return;
        }
        tried++;
        call.answeredBy(next.candidate());
        current = next;
        next.start(call.account().open(room));
    }

    /** The limits of a target's provider are used up, or there is no money for another try: maybe another target can be asked. */
    private void noRoom(Try next, @Nullable Throwable why) {
        if (!(why instanceof Refusal refusal)) {
            throw new IllegalStateException("no room for " + next.candidate().label(), why);
        }
        LOG.log(
                Level.DEBUG,
                () -> call.id() + ": " + next.candidate().label() + " is passed over: " + refusal.message());
        limited = limited == null ? refusal : limited;
        tryNext();
    }

    /** The charge of a try that must have begun. */
    static Charge begun(@Nullable Charge charge) {
        if (charge == null) {
            throw new IllegalStateException("the try has not begun");
        }
        return charge;
    }

    /** The try under way answers. */
    void served(Try by, Reply answer, int status) {
        by.charge().serves(status, by.nanos());
        forwarder.chooser.served(asked, by.candidate());
        reply(answer);
    }

    /** The try under way does not answer. */
    void fellShort(Try by, Shortfall shortfall, Used used) {
        by.charge().fell(shortfall.status(), shortfall.code(), by.nanos(), used);
        worst = worst == null ? shortfall : worst.orMoreTelling(shortfall);
        Choice another = shortfall.another() && mayTryAgain() ? choices.peek() : null;
        log(by, shortfall, another);
        if (another != null) {
            tryNext();
        } else {
            refuse(shortfall.another() ? worst.refusal() : shortfall.refusal());
        }
    }

    private boolean mayTryAgain() {
        return tried < Math.max(1, call.plan().model().attempts()) && asking.isRepeatable() && nanosLeft() > 0;
    }

    private void log(Try by, Shortfall shortfall, @Nullable Choice another) {
        LOG.log(
                levelOf(shortfall.code(), another != null),
                () -> call.id() + ": " + by.candidate().label() + " fell short: "
                        + shortfall.code().id() + " (" + shortfall.detail() + ")"
                        + (another == null
                                ? ""
                                : "; trying " + another.candidate().label()));
    }

    /** The operator hears of every provider that failed; louder where that cost the caller its answer. */
    private static Level levelOf(ErrorCode code, boolean another) {
        if (code == ErrorCode.CALLER_CANCELLED) {
            return Level.DEBUG;
        }
        boolean expected = another || code == ErrorCode.PROVIDER_REJECTED || code.isCallers();
        return expected ? Level.INFO : Level.WARNING;
    }

    private static Refusal left() {
        return new Refusal(ErrorCode.CALLER_CANCELLED, "the caller left before it was answered");
    }

    /** The call is answered. */
    void reply(Reply answer) {
        reply.complete(answer);
    }

    /** The call is not answered. */
    void refuse(Refusal refusal) {
        reply.completeExceptionally(refusal);
    }

    /** No target is left. The caller is told the most telling of what went wrong, or why nobody was asked. */
    void exhausted(Refusal unasked) {
        Refusal why = limited == null ? unasked : limited;
        refuse(worst == null ? why : worst.refusal());
    }

    /** No target can do what is asked. */
    Refusal unable() {
        String model = call.askedModel();
        String targets = model == null ? "no target of this call" : "no target of model " + ModelName.quoted(model);
        String asked = call.endpoint().template();
        return new Refusal(ErrorCode.CALLER_BAD_REQUEST, targets + " can do what " + asked + " asks for").at("model");
    }

    private void cancelled() {
        if (current != null) {
            current.cancel();
        }
    }

    /** A fault of the gateway's own ends the call, and everything it holds, like any other failure. */
    private void crashed(Throwable fault) {
        LOG.log(Level.ERROR, "a fault of the gateway's own in " + call.id(), fault);
        Refusal refusal = new Refusal(ErrorCode.GATEWAY_INTERNAL, "the gateway has failed on this call");
        try {
            if (current != null) {
                current.crash(refusal);
            }
        } finally {
            refuse(refusal);
        }
    }
}
