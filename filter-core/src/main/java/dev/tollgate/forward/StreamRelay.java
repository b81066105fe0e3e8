package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.account.Used;
import dev.tollgate.chat.Usage;
import dev.tollgate.config.Settings;
import dev.tollgate.dialect.Continuation;
import dev.tollgate.dialect.Framing;
import dev.tollgate.provider.Handling.OnAbort;
import dev.tollgate.stream.Outbox;
import java.lang.System.Logger.Level;
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
 * <p>It is held until its first content has come, or for a while, as another target could still answer instead; then it flows.
 * When its caller leaves it is cancelled, or read on for a while to hear what it has used. When it breaks off, another target
 * may be asked to go on with it, where the model lets it.
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
 *  - Once there is a drain the exchange is not touched any more.
 *  - While it is resuming its attempt, flight, source and costs are those of what broke off, until another has a head of its
 *    own; from then on they are that one's, which is not shown before content has come of it.
 */
final class StreamRelay implements Reply {
    private static final System.Logger LOG = System.getLogger(Forwarder.class.getName());
    private static final long LEAST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long HELD_TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Tries tries;
    private final Call call;
    private Attempt attempt;
    private Flight flight;
    private final List<Header> providers;
    private StreamSource source;
    private StreamCosts costs;
    private final Settings.Timeouts timeouts;
    private final Window window;
    private final Silence silence;
    private final Throughput throughput;
    private final Outbox outbox;
    private final Alarm alarm;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private final Runnable endOfDrain;

    private boolean held;
    private long heldSinceNanos;
    private boolean good;
    private boolean served;
    private boolean flowing;
    private boolean ending;
    private @Nullable Drain drain;

    private boolean resuming;
    private boolean asking;
    private @Nullable Attempt rest;
    private @Nullable Refusal brokeOff;
    private Usage usedBefore = Usage.NONE;
    private Continuation soFar = new Continuation("", 0);

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
        this.throughput = new Throughput(call.plan().model().routing().minThroughput());
        this.outbox = new Outbox(call.exchange(), tries.lane(), this::written, this::unwritable);
        this.source = new StreamSource(call, attempt, flight, framing, window, outbox);
        this.costs = new StreamCosts(tries, attempt.charge(), source, outbox, this::advance);
        this.alarm = new Alarm(tries.forwarder().timers, tries.lane());
        this.endOfDrain = () -> tries.lane().run(this::stopDraining);
        silence.brokenByProvider(call.now());
    }

    // --- from the provider

    void take(byte[] bytes) {
        if (!wantsMore()) {
            return;
        }
        int signs = source.signs();
        boolean working = source.isWorking();
        source.take(bytes);
        if (source.signs() != signs) {
            signOfLife(working || source.isWorking());
        }
        advance();
        hold();
    }

    private void signOfLife(boolean unseenWork) {
        long now = call.now();
        silence.brokenByProvider(now);
        if (unseenWork) {
            throughput.beginAgain(now, source.characters());
        }
    }

    void ended() {
        if (wantsMore()) {
            source.ended();
            advance();
        }
    }

    void broken(UpstreamFailure why) {
        if (wantsMore()) {
            if (why.isClosing()) {
                source.closing(attempt.shortfalls().of(why));
            } else {
                source.stopped("its stream was cut before the answer was whole");
            }
            advance();
        }
    }

    private boolean wantsMore() {
        return !over && !asking && !source.isDone();
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

    /** Whether the stream has begun, so that it has deadlines of its own. */
    boolean hasBegun() {
        return source.hasBegun();
    }

    private void hold() {
        if (!held && source.hasBegun()) {
            held = true;
            heldSinceNanos = call.now();
            tickLater();
        }
    }

    private long heldLeft(long now) {
        return timeouts.hold().toNanos() - (now - heldSinceNanos);
    }

    /** Does whatever can be done now. */
    private void advance() {
        if (over) {
            return;
        }
        if (resuming && !asking && source.isGood()) {
            goOn();
        }
        if (!asking && source.isBroken()) {
            resume();
        }
        if (asking) {
            flush();
            return;
        }
        Shortfall shortfall = source.shortfall();
        if (shortfall != null) {
            fallShort(shortfall);
            return;
        }
        if (source.isGood() && !good) {
            good = true;
            attempt.visit().firstContent();
            throughput.begin(call.now(), 0);
        }
        if (good || mustServe()) {
            serve();
        }
        if (served) {
            costs.look(drain == null ? null : drain.why());
        }
        if (source.isDone()) {
            attempt.visit().ended(source.trouble());
        }
        if (drain != null) {
            drainOn(drain);
        } else {
            flowOn();
        }
    }

    private void flowOn() {
        if (flowing) {
            flush();
            endWhenDrained();
        }
        if (!source.isDone()) {
            window.giveCredit(outbox);
        }
    }

    private void flush() {
        if (flowing && outbox.flush()) {
            silence.brokenByCaller(call.now());
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
        if (over || flowing || drain != null) {
            return;
        }
        List<String> dropped = attempt.translation().dropped();
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("content-type", contentType(call.endpoint().framing())));
        headers.addAll(AnswerHeaders.UNBUFFERED);
        headers.addAll(tries.forwarder()
                .answerHeaders
                .of(call, attempt.candidate(), attempt.way(), providers, OptionalLong.empty(), dropped));
        if (attempt.translation().isResumable()
                && call.setup().settings().server().answerHeaders()) {
            headers.add(AnswerHeaders.RESUMABLE);
        }
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
            throughput.beginAgain(now, source.characters());
        }
        advance();
        if (silence.left(false, now) <= 0) {
            tickLater(); // its turn, and its time is over already
        }
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
        if (drain != null) {
            alarm.set(Math.max(drainLeft(drain, now), LEAST_TICK_NANOS), this::tick);
        } else if (resuming) {
            alarm.set(Math.max(resumingLeft(now), LEAST_TICK_NANOS), this::tick);
        } else if (flowing) {
            alarm.set(Math.max(flowLeft(now), outbox.isHeld() ? HELD_TICK_NANOS : LEAST_TICK_NANOS), this::tick);
        } else if (!served) {
            long next = Math.min(heldLeft(now), Math.min(silence.left(false, now), tries.nanosLeft()));
            alarm.set(Math.max(next, LEAST_TICK_NANOS), this::tick);
        }
    }

    private long flowLeft(long now) {
        long next = Math.min(silence.left(now), tries.nanosLeft());
        if (silence.left(isCallersTurn(), now) <= 0) {
            return 0;
        }
        if (source.isDone()) {
            return next;
        }
        return Math.min(Math.min(next, signLeft(now)), throughput.left(now));
    }

    private long signLeft(long now) {
        if (source.isInSign()) {
            return Math.max(0, silence.untilEndOfSign(now));
        }
        return outbox.isIdle() ? silence.untilHeartbeat(now) : silence.heartbeat();
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
        if (drain != null) {
            tickDraining(drain, now);
        } else if (resuming) {
            tickResuming(now);
        } else if (flowing) {
            tickFlowing(now);
        } else if (!served) {
            tickHeld(now);
        }
        tickLater();
    }

    private void tickHeld(long now) {
        Shortfalls shortfalls = attempt.shortfalls();
        if (tries.nanosLeft() <= 0) {
            tries.outOfTime(attempt);
            fallShort(shortfalls.tooLate(attempt.status(), "no answer within " + Shortfalls.spell(tries.total())));
        } else if (heldLeft(now) <= 0) {
            serve(); // what has begun at all is as good as it gets
            advance();
        } else if (silence.left(false, now) <= 0) {
            fallShort(shortfalls.tooLate(attempt.status(), stopped()));
        }
    }

    private void tickFlowing(long now) {
        boolean callersTurn = isCallersTurn();
        boolean stalled = silence.left(callersTurn, now) <= 0;
        if (callersTurn || source.isWorking()) {
            throughput.beginAgain(now, source.characters());
        }
        if (stalled && callersTurn) {
            callerStalled("the caller did not read for " + Shortfalls.spell(timeouts.idle()));
        } else if (source.isDone()) {
            advance();
            if (tries.nanosLeft() <= 0 && isCallersTurn()) {
                callerStalled("the caller had not read its answer after " + Shortfalls.spell(tries.total()));
            }
        } else if (tries.nanosLeft() <= 0) {
            tries.outOfTime(attempt);
            runOut("its answer was not whole after " + Shortfalls.spell(tries.total()));
        } else if (stalled) {
            runOut(stopped());
        } else if (throughput.isTooSlow(now, source.characters())) {
            runOut(throughput.complaint());
        } else {
            showLife(now);
        }
    }

    private void showLife(long now) {
        if (outbox.isIdle() && silence.untilHeartbeat(now) <= 0) {
            source.beginSign();
            silence.brokenByCaller(now); // also where this framing has no sign of life
            advance();
        } else if (outbox.isIdle() && source.isInSign() && silence.untilEndOfSign(now) <= 0) {
            source.endSign();
            advance();
        }
    }

    private String stopped() {
        return "its stream stopped for " + Shortfalls.spell(timeouts.idle());
    }

    private void runOut(String what) {
        source.stopped(what);
        advance();
    }

    // --- when another goes on with what has broken off

    /** What it shows has broken off: another target is asked to go on with it, or the caller is told. */
    private void resume() {
        Refusal trouble = source.trouble();
        Refusal why = trouble == null ? left() : trouble;
        Used used = source.used(attempt.charge());
        if (drain != null || !flowing || nothingIsLeft()) {
            source.giveUp(why);
            return;
        }
        attempt.visit().ended(why);
        attempt.breakOff(why.code(), used);
        soFar = source.soFar(used);
        usedBefore = usedBefore.plus(used.usage() == null ? Usage.NONE : used.usage());
        brokeOff = why;
        resuming = true;
        LOG.log(Level.INFO, () -> call.id() + ": " + why.message() + "; another target is asked for the rest");
        askOn();
        tickLater();
    }

    private boolean nothingIsLeft() {
        return tries.nanosLeft() <= 0;
    }

    private void askOn() {
        asking = true;
        rest = null;
        silence.brokenByProvider(call.now());
        if (!tries.askForRest(soFar, this)) {
            tellBreak();
        }
    }

    /** Nobody goes on with it. */
    private void tellBreak() {
        Refusal why = brokeOff == null ? left() : brokeOff;
        asking = false;
        resuming = false;
        rest = null;
        source.giveUp(why);
    }

    /** Whether somebody is still wanted to go on with it. */
    boolean wantsRest() {
        return !over && resuming;
    }

    /** An attempt begins to ask for the rest. */
    void asks(Attempt forRest) {
        rest = forRest;
    }

    /** The attempt that asks for the rest has the head of a good answer. */
    void takeRest(Attempt by, Flight another, Framing framing) {
        StreamSource before = source;
        asking = false;
        attempt = by;
        flight = another;
        window.goOn(another);
        source = new StreamSource(call, by, another, framing, window, outbox);
        source.goOnAfter(before, usedBefore);
        costs = new StreamCosts(tries, by.charge(), source, outbox, this::advance);
        silence.brokenByProvider(call.now());
        tickLater();
    }

    /**
     * The attempt that asks for the rest has fallen short, if it is the one that is waited for.
     *
     * @param by null where none could begin
     */
    void restFellShort(@Nullable Attempt by) {
        if (!over && resuming && by == rest) {
            askOn();
            advance();
        }
    }

    /** Shows the rest from its first content on. */
    private void goOn() {
        resuming = false;
        rest = null;
        long now = call.now();
        attempt.servesRest();
        attempt.visit().firstContent();
        costs.served();
        silence.brokenByProvider(now);
        throughput.begin(now, 0);
        LOG.log(Level.INFO, () -> call.id() + ": " + attempt.candidate().label() + " goes on with what has broken off");
        tickLater();
    }

    private long resumingLeft(long now) {
        long left = Math.min(silence.left(now), signLeft(now));
        return asking ? left : Math.min(left, tries.nanosLeft());
    }

    private void tickResuming(long now) {
        if (isCallersTurn() && silence.left(true, now) <= 0) {
            callerStalled("the caller did not read for " + Shortfalls.spell(timeouts.idle()));
        } else if (!asking && tries.nanosLeft() <= 0) {
            tries.outOfTime(attempt);
            fallShort(attempt.shortfalls().tooLate(attempt.status(), "no rest of its answer in time"));
        } else if (!asking && source.hasBegun() && silence.left(false, now) <= 0) {
            fallShort(attempt.shortfalls().tooLate(attempt.status(), stopped()));
        } else {
            showLife(now);
        }
    }

    // --- after the caller has left

    /** Reads on what nobody takes any more, where the provider's word on its use is worth that and there is room for it. */
    private boolean drains(@Nullable Refusal why) {
        boolean worth = attempt.candidate().provider().handling().onAbort() == OnAbort.DRAIN;
        if (why == null || resuming || !worth || !source.hasBegun() || source.isDone()) {
            return false;
        }
        if (!tries.forwarder().drains.begin(endOfDrain)) {
            return false;
        }
        serve();
        drain = new Drain(why, call.now(), window.received());
        outbox.close();
        if (flowing) {
            call.exchange().abort();
        }
        advance();
        tickLater();
        return true;
    }

    private void drainOn(Drain rest) {
        if (source.isDone()) {
            finish(rest.why());
        } else if (rest.isTooLarge(window.received())) {
            stopDraining();
        } else {
            window.giveAll();
        }
    }

    private long drainLeft(Drain rest, long now) {
        return Math.min(rest.left(now), Math.min(silence.left(false, now), tries.nanosLeft()));
    }

    private void tickDraining(Drain rest, long now) {
        if (drainLeft(rest, now) <= 0) {
            stopDraining();
        }
    }

    private void stopDraining() {
        if (drain != null) {
            giveUp(drain.why());
        }
    }

    // --- the ends

    private void unwritable(Throwable why) {
        leave(left());
    }

    private void callerStalled(String what) {
        leave(new Refusal(ErrorCode.CALLER_CANCELLED, what));
    }

    /**
     * Notes that the caller has left. Clients close as soon as they have read the mark of the end, which some providers send
     * well before they end.
     */
    void callerLeft() {
        boolean hasAll = source.isWhole() && outbox.isIdle() && !outbox.isHeld();
        leave(hasAll ? null : left());
    }

    /**
     * Notes that the caller has left before anything was shown to it.
     *
     * @return whether the answer is read on all the same; else nobody wants it
     */
    boolean isDrainedUnseen() {
        return !over && drains(left());
    }

    private void leave(@Nullable Refusal why) {
        if (!over && drain == null && !drains(why)) {
            giveUp(why);
        }
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
        abandonRest();
        finish(drain == null ? troubleOr(refusal) : refusal);
        if (flowing && drain == null) {
            call.exchange().abort();
        }
    }

    private void abandonRest() {
        Attempt asked = rest;
        rest = null;
        resuming = false;
        if (asked != null) {
            asked.abandon();
        }
    }

    private @Nullable Refusal troubleOr(@Nullable Refusal refusal) {
        Refusal trouble = source.trouble();
        return trouble != null ? trouble : refusal;
    }

    private static Refusal left() {
        return new Refusal(ErrorCode.CALLER_CANCELLED, "the caller left before the answer was whole");
    }

    private void fallShort(Shortfall shortfall) {
        attempt.fallShort(shortfall);
        if (!resuming && !served) {
            stop();
        }
    }

    /** The attempt has fallen short; nothing of this stream was or will be shown. */
    void stop() {
        over = true;
        alarm.stop();
        outbox.close();
    }

    private void finish(@Nullable Refusal refusal) {
        if (over) {
            return;
        }
        over = true;
        alarm.stop();
        tries.forwarder().drains.end(endOfDrain);
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
