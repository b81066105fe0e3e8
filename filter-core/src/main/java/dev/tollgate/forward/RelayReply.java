package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.account.Used;
import dev.tollgate.config.Settings;
import dev.tollgate.dialect.OpenAiErrors;
import dev.tollgate.json.Json;
import dev.tollgate.json.MemberSkim;
import dev.tollgate.stream.Outbox;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An answer of any kind on its way from a provider to a caller, byte by byte, as fast as the caller takes it. */
/*
 * Everything happens in the call's lane. As in StreamRelay, credit is given back only for what the caller has taken. The
 * exchange is ended only once nothing more of the request is read, or a server would do so on a thread of its own.
 */
final class RelayReply implements Reply {
    private static final long LEAST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Tries tries;
    private final Call call;
    private final RelayAttempt attempt;
    private final Flight flight;
    private final int status;
    private final List<Header> providers;
    private final @Nullable UploadSending sending;
    private final Settings.Timeouts timeouts;
    private final boolean events;
    /** How long the answer is, in bytes, where its provider says so; else -1. */
    private final long length;

    private final @Nullable MemberSkim usage;
    private final Window window;
    private final Outbox outbox;
    private final Alarm alarm;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private boolean flowing;
    private boolean sourceDone;
    private boolean settled;
    private boolean ending;
    private boolean over;
    private @Nullable Refusal trouble;
    /** When the side that is being waited for last did something. */
    private long progressNanos;

    RelayReply(
            Tries tries,
            RelayAttempt attempt,
            Flight flight,
            int status,
            List<Header> providers,
            @Nullable UploadSending sending) {
        this.tries = tries;
        this.call = tries.call();
        this.attempt = attempt;
        this.flight = flight;
        this.status = status;
        this.providers = providers;
        this.sending = sending;
        this.timeouts = call.plan().model().timeouts();
        String type = ProviderHeaders.mediaType(providers);
        this.events = type.equals("text/event-stream");
        this.length = events ? -1 : length(providers);
        this.usage = events || type.equals("application/json") ? new MemberSkim("usage", events) : null;
        this.window = new Window(flight);
        this.outbox = new Outbox(call.exchange(), tries.lane(), this::written, why -> giveUp(left()));
        this.alarm = new Alarm(tries.forwarder().timers, tries.lane());
        this.progressNanos = call.now();
    }

    // --- from the provider

    void take(byte[] bytes) {
        if (sourceDone || over) {
            return;
        }
        window.take(bytes.length);
        progressNanos = call.now();
        if (usage != null) {
            usage.feed(bytes);
        }
        if (length >= 0 && window.received() >= length) {
            settle();
        }
        outbox.add(ByteBuffer.wrap(bytes), window.received());
        advance();
    }

    void ended() {
        if (!sourceDone && !over) {
            sourceEnded();
            advance();
        }
    }

    void broken(UpstreamFailure why) {
        if (why.isClosing()) {
            fail(attempt.shortfalls().of(why).refusal());
        } else {
            interrupted("its answer was cut before it was whole");
        }
    }

    private static long length(List<Header> providers) {
        return ProviderHeaders.find(providers, "content-length")
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .orElse(-1L);
    }

    private void sourceEnded() {
        sourceDone = true;
        settle();
        flight.abort();
        stopSending();
    }

    private void interrupted(String what) {
        fail(new Refusal(
                ErrorCode.PROVIDER_STREAM_INTERRUPTED, attempt.candidate().label() + ": " + what));
    }

    private void fail(Refusal why) {
        if (sourceDone || over) {
            return;
        }
        trouble = why;
        sourceEnded();
        if (events) {
            String error = "event: error\ndata: " + Json.text(OpenAiErrors.body(trouble)) + "\n\n";
            outbox.add(ByteBuffer.wrap(error.getBytes(StandardCharsets.UTF_8)), window.received());
            advance();
        } else {
            giveUp(trouble); // the connection's end is the only way to say that it is not whole
        }
    }

    /** Settles the call, once; the last of the answer goes out when that is written down. */
    private void settle() {
        if (settled) {
            return;
        }
        settled = true;
        ErrorCode error = trouble == null ? null : trouble.code();
        attempt.charge().close(error, used());
        outbox.hold();
        tries.lane().take(call.account().close(status, error), (written, failure) -> settled(failure));
    }

    private Used used() {
        return usage == null
                ? Used.UNKNOWN
                : usage.found().map(RelayUsage::of).map(Used::reported).orElse(Used.UNKNOWN);
    }

    private void settled(@Nullable Throwable failure) {
        outbox.letGo();
        if (failure instanceof Refusal refusal && trouble == null) {
            giveUp(refusal); // it has begun, and must not seem to be whole
        } else {
            advance();
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
        List<Header> headers = new ArrayList<>(RelayHeaders.of(tries, attempt, providers));
        if (length >= 0) {
            headers.add(new Header("content-length", String.valueOf(length)));
        }
        if (events) {
            headers.addAll(AnswerHeaders.UNBUFFERED);
        }
        call.sentStatus(status);
        call.firstByte();
        flowing = true;
        progressNanos = call.now();
        call.exchange().head(status, headers);
        advance();
        tickLater();
    }

    private void advance() {
        if (over || !flowing) {
            return;
        }
        if (outbox.flush()) {
            progressNanos = call.now();
        }
        endWhenDrained();
        if (!sourceDone) {
            window.giveCredit(outbox);
        }
    }

    private void written() {
        progressNanos = call.now();
        advance();
    }

    private void endWhenDrained() {
        if (sourceDone && !ending && outbox.isIdle() && !outbox.isHeld()) {
            ending = true;
            call.upload()
                    .discard()
                    .thenCompose(nothing -> call.exchange().end())
                    .whenComplete((ended, failure) ->
                            tries.lane().run(() -> finish(failure == null || trouble != null ? trouble : left())));
        }
    }

    // --- deadlines: looked at now and then, so that no byte has to move a timer

    private void tickLater() {
        if (!over) {
            long left = ending || outbox.isHeld() ? idleLeft() : Math.min(idleLeft(), tries.nanosLeft());
            alarm.set(Math.max(left, LEAST_TICK_NANOS), this::tick);
        }
    }

    private long idleLeft() {
        // An end waits for what is thrown away of the request, which its edge gives a time of its own.
        return ending ? timeouts.idle().toNanos() : timeouts.idle().toNanos() - (call.now() - progressNanos);
    }

    private void tick() {
        if (over) {
            return;
        }
        boolean callersTurn = !ending && !outbox.isIdle() && !outbox.isHeld();
        if (callersTurn && idleLeft() <= 0) {
            callerStalled("the caller did not read for " + Shortfalls.spell(timeouts.idle()));
        } else if (callersTurn && sourceDone && tries.nanosLeft() <= 0) {
            callerStalled("the caller had not read its answer after " + Shortfalls.spell(tries.total()));
        } else if (!sourceDone && tries.nanosLeft() <= 0) {
            tries.outOfTime(attempt);
            interrupted("its answer was not whole after " + Shortfalls.spell(tries.total()));
        } else if (!sourceDone && idleLeft() <= 0) {
            interrupted("its answer stopped for " + Shortfalls.spell(timeouts.idle()));
        }
        tickLater();
    }

    // --- the ends

    private void callerStalled(String what) {
        giveUp(new Refusal(ErrorCode.CALLER_CANCELLED, what));
    }

    void callerLeft() {
        giveUp(sourceDone && trouble == null && outbox.isIdle() && !outbox.isHeld() ? null : left());
    }

    void crash(Refusal refusal) {
        giveUp(refusal);
    }

    private void giveUp(@Nullable Refusal refusal) {
        if (over) {
            return;
        }
        flight.abort();
        stopSending();
        outbox.close();
        finish(trouble != null ? trouble : refusal);
        if (flowing) {
            call.exchange().abort();
        }
    }

    private void stopSending() {
        if (sending != null) {
            sending.stop();
        }
    }

    private static Refusal left() {
        return new Refusal(ErrorCode.CALLER_CANCELLED, "the caller left before the answer was whole");
    }

    private void finish(@Nullable Refusal refusal) {
        if (over) {
            return;
        }
        over = true;
        alarm.stop();
        attempt.visit().ended(trouble == null ? refusal : trouble);
        trouble = trouble == null ? refusal : trouble;
        try {
            settle();
            call.moved(sending == null ? -1 : sending.taken(), window.received());
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
