package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.chat.Usage;
import dev.tollgate.config.Settings;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.dialect.Framing;
import dev.tollgate.dialect.StreamObserver.Sight;
import dev.tollgate.dialect.Translation;
import dev.tollgate.json.Json;
import dev.tollgate.stream.Outbox;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

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
 *  - `sourceDone` is set once, when nothing more is wanted of the provider; then `trouble` says whether all went well. What is
 *    still to be written is written, the exchange is ended, and the stage completes: `over`, once.
 *  - After a failure no frame of the provider is written any more, so that no mark of success can follow it.
 */
final class StreamRelay implements Reply {
    private static final long LEAST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Tries tries;
    private final Call call;
    private final Attempt attempt;
    private final Flight flight;
    private final List<Header> providers;
    private final Translation.Streamed streamed;
    private final Settings.Timeouts timeouts;
    private final long heartbeatNanos;
    private final FrameReader reader;
    private final Outbox outbox;
    private final Alarm alarm;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private boolean good;
    private boolean served;
    private boolean flowing;
    private boolean sourceDone;
    private boolean ending;
    private boolean over;
    private @Nullable Refusal trouble;
    /** Written before the relay is handed over as the call's reply. */
    private @Nullable Made made;

    private long received;
    private long credited;
    /** When the provider last sent something. */
    private long heardNanos;
    /** When the caller last took something, or was offered something after it had taken all. */
    private long callerNanos;

    /** @param framing how the answer is put on the wire */
    StreamRelay(Tries tries, Attempt attempt, Flight flight, Framing framing, List<Header> providers) {
        this.tries = tries;
        this.call = tries.call();
        this.attempt = attempt;
        this.flight = flight;
        this.providers = providers;
        this.streamed = attempt.translation().stream(framing);
        this.reader = framing.reader();
        this.timeouts = call.plan().model().timeouts();
        this.heartbeatNanos = call.setup().settings().server().heartbeat().toNanos();
        this.outbox = new Outbox(call.exchange(), tries.lane(), this::written, this::unwritable);
        this.alarm = new Alarm(tries.forwarder().timers, tries.lane());
        this.heardNanos = call.now();
    }

    // --- from the provider

    void take(byte[] bytes) {
        if (sourceDone || over) {
            return;
        }
        received += bytes.length;
        heardNanos = call.now();
        try {
            reader.feed(ByteBuffer.wrap(bytes), this::frame);
        } catch (BadAnswer bad) {
            interrupted(String.valueOf(bad.getMessage()));
        }
        advance();
    }

    private void frame(Frame frame, ByteBuffer raw) throws BadAnswer {
        if (sourceDone || over) {
            return;
        }
        if (made == null && "response.created".equals(frame.event())) {
            made = created(frame);
        }
        Translation.Step step = streamed.accept(frame, raw);
        Refusal failed = streamed.failed();
        if (failed != null && !served) {
            attempt.fallShort(attempt.shortfalls().failedStream(attempt.status(), failed));
            stop();
            return;
        }
        if (step.sight() == Sight.END) {
            call.release();
        }
        step.out().forEach(bytes -> outbox.add(bytes, received));
        if (failed != null) {
            sourceFailed(failed, !streamed.isVerbatim());
        } else if (step.sight() == Sight.CONTENT || step.sight() == Sight.END) {
            good = true;
        }
    }

    private @Nullable Made created(Frame frame) {
        if (!attempt.way().dialect().equals(Made.STORING)) {
            return null;
        }
        try {
            String id = Json.read(frame.data()).path("response").path("id").asString("");
            return id.isEmpty() ? null : new Made(id, attempt.candidate());
        } catch (JacksonException notOurs) {
            return null; // whoever reads the stream itself says what is wrong with it
        }
    }

    @Override
    public @Nullable Made made() {
        return made;
    }

    void ended() {
        if (sourceDone || over) {
            return;
        }
        try {
            reader.end(this::frame);
        } catch (BadAnswer bad) {
            interrupted(String.valueOf(bad.getMessage()));
        }
        if (isWhole()) {
            addRemainder();
            sourceEnded();
        } else {
            interrupted("its stream ended before the answer was whole");
        }
        advance();
    }

    /** Whether the answer is whole now that no more of it comes; the caller gets what ends it where the provider left that out. */
    private boolean isWhole() {
        if (!sourceDone && !over) {
            streamed.end().forEach(bytes -> outbox.add(bytes, received));
        }
        return streamed.complete();
    }

    /** What came after the last whole event is passed on too, where all bytes are. */
    private void addRemainder() {
        if (!sourceDone && reader.hasRemainder()) {
            outbox.add(streamed.rest(reader.remainder()), received);
        }
    }

    void broken() {
        if (sourceDone || over) {
            return;
        }
        if (isWhole()) {
            sourceEnded();
        } else {
            interrupted("its stream was cut before the answer was whole");
        }
        advance();
    }

    private void sourceEnded() {
        if (!sourceDone && !over) {
            good = true;
            sourceDone = true;
            outbox.add(streamed.close(), received);
            call.release();
            flight.abort();
        }
    }

    /** The answer will not become whole. Before anything of it went out another target may be asked. */
    private void interrupted(String what) {
        if (sourceDone || over) {
            return;
        }
        if (served) {
            String message = attempt.candidate().label() + ": " + what;
            sourceFailed(new Refusal(ErrorCode.PROVIDER_STREAM_INTERRUPTED, message), true);
        } else {
            attempt.fallShort(attempt.shortfalls().badAnswer(attempt.status(), what));
            stop();
        }
    }

    /** @param untold whether the caller has still to be told */
    private void sourceFailed(Refusal refusal, boolean untold) {
        sourceDone = true;
        trouble = refusal;
        call.release();
        flight.abort();
        if (untold) {
            outbox.add(streamed.failure(refusal), received);
        }
        outbox.add(streamed.close(), received);
    }

    // --- held until it is good

    /** The time to wait for content is over: an answer that has begun at all is as good as it gets. */
    boolean serveWhatIsHeld() {
        if (outbox.isIdle()) {
            return false;
        }
        good = true;
        advance();
        return true;
    }

    /** Does whatever can be done now. */
    private void advance() {
        if (over) {
            return;
        }
        if (!served && (good || mustServe())) {
            served = true;
            attempt.serve(this);
        }
        if (flowing) {
            if (outbox.flush()) {
                callerNanos = call.now();
            }
            endWhenDrained();
        }
        if (!sourceDone) {
            giveCredit(outbox.isIdle() ? received : outbox.writtenMark());
        }
    }

    /** Whether the window is used up by what is held, so that waiting would be for ever. */
    private boolean mustServe() {
        return !outbox.isIdle()
                && (received - credited >= HttpUpstreams.WINDOW || outbox.queuedBytes() >= HttpUpstreams.WINDOW);
    }

    private void giveCredit(long upTo) {
        if (upTo > credited) {
            int lot = (int) (upTo - credited);
            credited = upTo;
            flight.request(lot);
        }
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
        headers.add(new Header("cache-control", "no-cache, no-transform"));
        headers.add(new Header("x-accel-buffering", "no"));
        headers.addAll(
                tries.forwarder().answerHeaders.of(call, attempt.candidate(), attempt.way(), providers, null, dropped));
        call.sentStatus(200);
        call.dropped(dropped);
        call.firstByte();
        flowing = true;
        callerNanos = call.now();
        call.exchange().head(200, headers);
        advance();
        tickLater();
    }

    private static String contentType(Framing framing) {
        String type = framing.mediaType();
        return type.startsWith("text/") ? type + "; charset=utf-8" : type;
    }

    private void written() {
        callerNanos = call.now();
        if (received - credited >= HttpUpstreams.WINDOW) {
            heardNanos = callerNanos; // the provider was silent because it was held back
        }
        advance();
    }

    private void endWhenDrained() {
        if (sourceDone && !ending && outbox.isIdle()) {
            ending = true;
            call.exchange()
                    .end()
                    .whenComplete((ended, failure) ->
                            tries.lane().run(() -> finish(failure == null || trouble != null ? trouble : left())));
        }
    }

    // --- deadlines: looked at now and then, so that no event has to move a timer

    private void tickLater() {
        if (over) {
            return;
        }
        long now = call.now();
        long next = Math.min(idleLeft(now), tries.nanosLeft());
        if (heartbeatNanos > 0 && outbox.isIdle()) {
            next = Math.min(next, heartbeatNanos - (now - callerNanos));
        } else if (heartbeatNanos > 0) {
            next = Math.min(next, heartbeatNanos);
        }
        if (sourceDone) {
            next = idleLeft(now);
        }
        alarm.set(Math.max(next, LEAST_TICK_NANOS), this::tick);
    }

    /** Time left for whichever side is being waited for: the caller while it has something to take, else the provider. */
    private long idleLeft(long now) {
        boolean callersTurn = ending || !outbox.isIdle();
        return timeouts.idle().toNanos() - (now - (callersTurn ? callerNanos : heardNanos));
    }

    private void tick() {
        if (over) {
            return;
        }
        long now = call.now();
        if (idleLeft(now) <= 0 && (ending || !outbox.isIdle())) {
            callerStalled();
        } else if (sourceDone) {
            advance();
        } else if (tries.nanosLeft() <= 0) {
            runOut("its answer was not whole after " + Shortfalls.spell(timeouts.total()));
        } else if (idleLeft(now) <= 0) {
            runOut("its stream stopped for " + Shortfalls.spell(timeouts.idle()));
        } else if (heartbeatNanos > 0 && outbox.isIdle() && now - callerNanos >= heartbeatNanos) {
            outbox.add(streamed.heartbeat(), received);
            callerNanos = now; // also where this framing has no sign of life
            advance();
        }
        tickLater();
    }

    private void runOut(String what) {
        if (isWhole()) {
            sourceEnded();
        } else {
            interrupted(what);
        }
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
        boolean hasAll = trouble == null && streamed.complete() && outbox.isIdle();
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
        finish(trouble != null ? trouble : refusal);
        if (flowing) {
            call.exchange().abort();
        }
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
        try {
            if (served) {
                account();
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

    private void account() {
        AnswerFacts facts = streamed.facts();
        Usage reported = facts.usage();
        boolean known = reported != null && streamed.complete();
        Usage usage = known ? reported : Estimates.of(reported, call.body().bytes().length, streamed.characters());
        call.answered(facts, usage, !known);
        call.dropped(attempt.translation().dropped());
    }
}
