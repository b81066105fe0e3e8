package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.account.Used;
import dev.tollgate.config.Settings;
import dev.tollgate.dialect.Framing;
import dev.tollgate.stream.Outbox;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer on its way from a provider to a caller.
 *
 * <p>It is held until its first content has come, while another target could still answer instead; then it flows.
 */
/*
 * Everything happens in the call's lane. Invariants:
 *  - The provider may send at most a window more than what the caller has taken: credit is given back only for bytes whose
 *    output was taken, or that produced none. So a slow caller slows the provider, and memory is bounded by the window and
 *    one event.
 *  - The source is done once, when nothing more is wanted of the provider; then its trouble says whether all went well, or its
 *    shortfall that nothing of it is shown. What is still to be written is written, the exchange is ended, and the stage
 *    completes: `over`, once.
 *  - After a failure no frame of the provider is written any more, so that no mark of success can follow it.
 */
final class StreamRelay implements Reply {
    private static final long LEAST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long HELD_TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Tries tries;
    private final Call call;
    private final Attempt attempt;
    private final Flight flight;
    private final List<Header> providers;
    private final StreamSource source;
    private final StreamCosts costs;
    private final Settings.Timeouts timeouts;
    private final Window window;
    private final Silence silence;
    private final Outbox outbox;
    private final Alarm alarm;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private boolean served;
    private boolean flowing;
    private boolean ending;
    private boolean over;

    /** @param framing how the answer is put on the wire */
    StreamRelay(Tries tries, Attempt attempt, Flight flight, Framing framing, List<Header> providers) {
        this.tries = tries;
        this.call = tries.call();
        this.attempt = attempt;
        this.flight = flight;
        this.providers = providers;
        this.timeouts = call.plan().model().timeouts();
        this.window = new Window(flight);
        this.silence =
                new Silence(timeouts.idle(), call.setup().settings().server().heartbeat());
        this.outbox = new Outbox(call.exchange(), tries.lane(), this::written, this::unwritable);
        this.source = new StreamSource(call, attempt, flight, framing, window, outbox);
        this.costs = new StreamCosts(tries, attempt.charge(), source, outbox, this::advance);
        this.alarm = new Alarm(tries.forwarder().timers, tries.lane());
        silence.brokenByProvider(call.now());
    }

    // --- from the provider

    void take(byte[] bytes) {
        if (wantsMore()) {
            silence.brokenByProvider(call.now());
            source.take(bytes);
            advance();
        }
    }

    void ended() {
        if (wantsMore()) {
            source.ended();
            advance();
        }
    }

    void broken() {
        if (wantsMore()) {
            source.stopped("its stream was cut before the answer was whole");
            advance();
        }
    }

    private boolean wantsMore() {
        return !over && !source.isDone();
    }

    @Override
    public @Nullable Made made() {
        return source.made();
    }

    /** What the answer has used so far. */
    Used used() {
        return costs.used();
    }

    // --- held until it is good

    /** The time to wait for content is over: an answer that has begun at all is as good as it gets. */
    boolean serveWhatIsHeld() {
        if (outbox.isIdle()) {
            return false;
        }
        serve();
        advance();
        return true;
    }

    /** Does whatever can be done now. */
    private void advance() {
        if (over) {
            return;
        }
        Shortfall shortfall = source.shortfall();
        if (shortfall != null) {
            attempt.fallShort(shortfall);
            stop();
            return;
        }
        if (source.isGood()) {
            attempt.visit().firstContent();
        }
        if (source.isGood() || mustServe()) {
            serve();
        }
        if (served) {
            costs.look();
        }
        if (flowing) {
            if (outbox.flush()) {
                silence.brokenByCaller(call.now());
            }
            endWhenDrained();
        }
        if (!source.isDone()) {
            window.giveCredit(outbox);
        }
    }

    private void serve() {
        if (!served && !over) {
            served = true;
            source.commit();
            attempt.serve(this);
            costs.served();
        }
    }

    /** Whether the window is used up by what is held, so that waiting would be for ever. */
    private boolean mustServe() {
        return !outbox.isIdle() && (window.isUsedUp() || outbox.queuedBytes() >= HttpUpstreams.WINDOW);
    }

    // --- to the caller

    @Override
    public CompletionStage<Void> streamBack() {
        tries.lane().run(this::begin);
        return done;
    }

    private void begin() {
        if (over || flowing) {
            return;
        }
        List<String> dropped = attempt.translation().dropped();
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("content-type", contentType(call.endpoint().framing())));
        headers.addAll(AnswerHeaders.UNBUFFERED);
        headers.addAll(tries.forwarder()
                .answerHeaders
                .of(call, attempt.candidate(), attempt.way(), providers, OptionalLong.empty(), dropped));
        call.sentStatus(200);
        call.dropped(dropped);
        call.firstByte();
        flowing = true;
        silence.brokenByCaller(call.now());
        call.exchange().head(200, headers);
        advance();
        tickLater();
    }

    private static String contentType(Framing framing) {
        String type = framing.mediaType();
        return type.startsWith("text/") ? type + "; charset=utf-8" : type;
    }

    private void written() {
        long now = call.now();
        silence.brokenByCaller(now);
        if (window.isUsedUp()) {
            silence.brokenByProvider(now); // it was silent because it was held back
        }
        advance();
    }

    private void endWhenDrained() {
        if (source.isDone() && !ending && outbox.isIdle() && !outbox.isHeld()) {
            ending = true;
            call.exchange()
                    .end()
                    .whenComplete((ended, failure) ->
                            tries.lane().run(() -> finish(troubleOr(failure == null ? null : left()))));
        }
    }

    // --- deadlines: looked at now and then, so that no event has to move a timer

    private void tickLater() {
        if (over) {
            return;
        }
        long now = call.now();
        long next = silence.left(isCallersTurn(), now);
        if (!source.isDone()) {
            long sign = outbox.isIdle() ? silence.untilHeartbeat(now) : silence.heartbeat();
            next = Math.min(next, Math.min(sign, tries.nanosLeft()));
        }
        alarm.set(Math.max(next, outbox.isHeld() ? HELD_TICK_NANOS : LEAST_TICK_NANOS), this::tick);
    }

    /** Which side is being waited for: the caller while it has something to take, else the provider. */
    private boolean isCallersTurn() {
        return ending || !(outbox.isIdle() || outbox.isHeld());
    }

    private void tick() {
        if (over) {
            return;
        }
        long now = call.now();
        boolean stalled = silence.left(isCallersTurn(), now) <= 0;
        if (stalled && isCallersTurn()) {
            callerStalled();
        } else if (source.isDone()) {
            advance();
        } else if (tries.nanosLeft() <= 0) {
            runOut("its answer was not whole after " + Shortfalls.spell(timeouts.total()));
        } else if (stalled) {
            runOut("its stream stopped for " + Shortfalls.spell(timeouts.idle()));
        } else if (outbox.isIdle() && silence.untilHeartbeat(now) <= 0) {
            source.heartbeat();
            silence.brokenByCaller(now); // also where this framing has no sign of life
            advance();
        }
        tickLater();
    }

    private void runOut(String what) {
        source.stopped(what);
        advance();
    }

    // --- the ends

    private void unwritable(Throwable why) {
        giveUp(left());
    }

    private void callerStalled() {
        giveUp(new Refusal(
                ErrorCode.CALLER_CANCELLED, "the caller did not read for " + Shortfalls.spell(timeouts.idle())));
    }

    /** Clients close as soon as they have read the mark of the end, which some providers send well before they end. */
    void callerLeft() {
        boolean hasAll = source.isWhole() && outbox.isIdle() && !outbox.isHeld();
        giveUp(hasAll ? null : left());
    }

    void crash(Refusal refusal) {
        giveUp(refusal);
    }

    private void giveUp(@Nullable Refusal refusal) {
        if (over) {
            return;
        }
        flight.abort();
        outbox.close();
        finish(troubleOr(refusal));
        if (flowing) {
            call.exchange().abort();
        }
    }

    private @Nullable Refusal troubleOr(@Nullable Refusal refusal) {
        Refusal trouble = source.trouble();
        return trouble != null ? trouble : refusal;
    }

    private static Refusal left() {
        return new Refusal(ErrorCode.CALLER_CANCELLED, "the caller left before the answer was whole");
    }

    /** The attempt has fallen short; nothing of this stream was or will be shown. */
    private void stop() {
        over = true;
        outbox.close();
    }

    private void finish(@Nullable Refusal refusal) {
        if (over) {
            return;
        }
        over = true;
        alarm.stop();
        attempt.visit().ended(refusal);
        try {
            if (served) {
                costs.settle(refusal);
            }
        } finally {
            complete(refusal); // whatever counting stumbles over, the call is over
        }
    }

    private void complete(@Nullable Refusal refusal) {
        if (refusal == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(refusal);
        }
    }
}
