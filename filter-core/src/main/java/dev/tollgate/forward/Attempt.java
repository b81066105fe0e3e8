package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.account.Charge;
import dev.tollgate.account.Used;
import dev.tollgate.config.Settings;
import dev.tollgate.credential.CredentialException;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Framing;
import dev.tollgate.dialect.Translation;
import dev.tollgate.provider.Way;
import dev.tollgate.stream.Framings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request to one target, until its answer is known to be good or bad. A streamed answer is good once its first content has
 * come; then its {@link StreamRelay} goes on alone.
 *
 * <p>Every way out goes through {@link #fallShort} or {@link #serve}; the first of them counts, frees the timer and, for all
 * but a good answer, the connection.
 */
final class Attempt implements Try, LaneListener.Taker {
    private enum State {
        AWAITING_HEAD,
        READING_ERROR,
        READING_WHOLE,
        READING_STREAM,
        OVER
    }

    private final Tries tries;
    private final Admission admission;
    private final Translation translation;
    private final @Nullable StreamRelay begun;
    private final Settings.Timeouts timeouts;
    private final Shortfalls shortfalls;
    private final Alarm alarm;
    private final long startNanos;

    private State state = State.AWAITING_HEAD;
    private @Nullable Charge charge;
    private @Nullable Flight flight;
    private int status;
    private List<Header> headers = List.of();
    private CappedBody body = CappedBody.ofAnswer();
    private @Nullable StreamRelay relay;
    private long lastByteNanos;

    Attempt(Tries tries, Admission admission, Translation translation) {
        this(tries, admission, translation, null);
    }

    /** @param begun the answer that this one goes on with; else null */
    Attempt(Tries tries, Admission admission, Translation translation, @Nullable StreamRelay begun) {
        this.begun = begun;
        this.tries = tries;
        this.admission = admission;
        this.translation = translation;
        this.timeouts = tries.call().plan().model().timeouts();
        this.shortfalls = new Shortfalls(admission.candidate().label(), admission.number());
        this.alarm = new Alarm(tries.forwarder().timers, tries.lane());
        this.startNanos = tries.call().now();
    }

    @Override
    public Admission admission() {
        return admission;
    }

    /** How the target is asked. */
    Way way() {
        return admission.way();
    }

    Translation translation() {
        return translation;
    }

    @Override
    public Charge charge() {
        return Tries.begun(charge);
    }

    Shortfalls shortfalls() {
        return shortfalls;
    }

    @Override
    public long nanos() {
        return call().now() - startNanos;
    }

    private Call call() {
        return tries.call();
    }

    /** Runs in the lane, so that nothing of the answer is looked at before the flight is known. */
    @Override
    public void start(Charge account) {
        charge = account;
        if (begun != null) {
            begun.asks(this);
        }
        alarm.set(Math.min(timeouts.firstByte().toNanos(), tries.nanosLeft()), this::late);
        UpstreamRequest request =
                tries.forwarder().requests.of(call(), admission.called(), way(), translation.requestBody());
        tries.forwarder().authorization.complete(request, tries.lane(), this::send, this::unauthorized);
    }

    private void unauthorized(CredentialException why) {
        fallShort(shortfalls.unauthorized(why));
    }

    private void send(UpstreamRequest request) {
        if (state == State.OVER) {
            return;
        }
        charge().sent();
        flight = tries.forwarder().upstreams.send(request, new LaneListener(tries.lane(), this));
        if (state == State.OVER) {
            flight.abort();
        }
    }

    // --- what the provider sends

    @Override
    public void takeHead(int httpStatus, List<Header> fields) {
        if (state != State.AWAITING_HEAD) {
            return;
        }
        status = httpStatus;
        headers = fields;
        visit().heard(status, headers);
        lastByteNanos = call().now();
        if (status < 200 || status > 299) {
            state = State.READING_ERROR;
            body = CappedBody.ofError();
        } else {
            takeGoodHead(ProviderHeaders.mediaType(fields));
        }
    }

    private void takeGoodHead(String mediaType) {
        Framing framing = framing(mediaType);
        if (ProviderHeaders.isCompressed(headers)) {
            fallShort(shortfalls.compressed(status));
        } else if (!call().stream()) {
            state = State.READING_WHOLE;
            if (framing != null) {
                fallShort(shortfalls.badAnswer(status, "it streamed an answer that was asked for whole"));
            }
        } else if (framing != null && flight != null) {
            state = State.READING_STREAM;
            relay = begun == null ? new StreamRelay(tries, this, flight, framing, headers) : begun;
            if (begun != null) {
                begun.takeRest(this, flight, framing);
            }
        } else {
            fallShort(shortfalls.badAnswer(status, "it did not stream an answer that was asked for as a stream"));
        }
    }

    /** How the answer is put on the wire if it is a stream, otherwise null. */
    private @Nullable Framing framing(String mediaType) {
        boolean mayBeArray = call().stream() && translation.mayStreamArrays();
        return Framings.of(mediaType)
                .filter(framing -> mayBeArray || framing != Framings.JSON_ARRAY)
                .orElse(null);
    }

    @Override
    public void take(byte[] bytes) {
        if (relay != null) {
            relay.take(bytes);
            return;
        }
        if (state == State.OVER) {
            return;
        }
        if (!isBlank(bytes)) {
            lastByteNanos = call().now(); // white space before a whole answer only keeps the connection alive
        }
        body.take(bytes);
        if (flight != null) {
            flight.request(bytes.length);
        }
        if (body.isFull()) {
            full();
        }
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte one : bytes) {
            if (one > ' ' || one < 0) {
                return false;
            }
        }
        return true;
    }

    private void full() {
        if (state == State.READING_ERROR) {
            refused();
        } else {
            fallShort(shortfalls.badAnswer(status, body.tooLarge()));
        }
    }

    @Override
    public void takeEnd() {
        if (relay != null) {
            relay.ended();
        } else if (state == State.READING_ERROR) {
            refused();
        } else if (state == State.READING_WHOLE) {
            whole();
        }
    }

    @Override
    public void takeFailure(UpstreamFailure failure) {
        if (relay != null) {
            relay.broken(failure);
        } else if (state == State.READING_ERROR) {
            refused();
        } else if (state == State.READING_WHOLE && !failure.isClosing()) {
            fallShort(shortfalls.badAnswer(status, "its answer was cut short"));
        } else {
            if (failure.isUnsent()) {
                charge().unsent();
            }
            fallShort(shortfalls.of(failure));
        }
    }

    private void refused() {
        tries.forwarder().authorization.answered(admission.called().provider(), status);
        byte[] read = body.bytes();
        fallShort(shortfalls.ofAnswer(
                status, headers, read, translation, tries.forwarder().clock.instant()));
    }

    private void whole() {
        try {
            Translation.Whole answer = translation.answer(body.bytes());
            body.drop();
            visit().firstContent();
            visit().ended((Refusal) null);
            serve(new WholeReply(tries, this, headers, answer));
        } catch (BadAnswer bad) {
            fallShort(shortfalls.badAnswer(status, String.valueOf(bad.getMessage())));
        }
    }

    // --- deadlines

    private void late() {
        if (relay != null && relay.hasBegun()) {
            return; // it has deadlines of its own
        }
        long now = call().now();
        long idleLeft = timeouts.idle().toNanos() - (now - lastByteNanos);
        long left = tries.nanosLeft();
        if (left <= 0) {
            tries.outOfTime(this);
            fallShort(shortfalls.tooLate(status, "no answer within " + Shortfalls.spell(tries.total())));
        } else if (state == State.READING_ERROR) {
            refused();
        } else if (state == State.READING_WHOLE && idleLeft > 0) {
            alarm.set(Math.min(idleLeft, left), this::late);
        } else {
            String what = state == State.AWAITING_HEAD || relay != null
                    ? "no first byte within " + Shortfalls.spell(timeouts.firstByte())
                    : "its answer stopped for " + Shortfalls.spell(timeouts.idle());
            fallShort(shortfalls.tooLate(status, what));
        }
    }

    // --- the ends

    @Override
    public boolean hasShown() {
        return state != State.AWAITING_HEAD && state != State.READING_STREAM;
    }

    @Override
    public void lose() {
        fallShort(shortfalls.lost(status));
    }

    @Override
    public void cancel() {
        if (begun != null) {
            begun.callerLeft();
        } else if (state != State.OVER) {
            if (relay == null || !relay.isDrainedUnseen()) {
                fallShort(shortfalls.cancelled(status));
            }
        } else if (relay != null) {
            relay.callerLeft();
        }
    }

    @Override
    public void crash(Refusal refusal) {
        state = State.OVER;
        alarm.stop();
        visit().ended(refusal);
        if (flight != null) {
            flight.abort();
        }
        if (begun != null) {
            begun.crash(refusal);
        } else if (relay != null) {
            relay.crash(refusal);
        }
    }

    void serve(Reply reply) {
        if (state != State.OVER) {
            state = State.OVER;
            alarm.stop();
            tries.served(this, reply, status);
        }
    }

    void fallShort(Shortfall shortfall) {
        if (state == State.OVER) {
            return;
        }
        state = State.OVER;
        alarm.stop();
        visit().ended(shortfall.verdict());
        Used used = used();
        if (relay != null && begun == null) {
            relay.stop();
        }
        relay = null;
        body.drop();
        if (flight != null) {
            flight.abort();
        }
        tries.fellShort(this, shortfall, used);
        if (begun != null) {
            begun.restFellShort(this);
        }
    }

    /** Its answer has broken off, and another goes on with it. */
    void breakOff(ErrorCode error, Used used) {
        relay = null;
        charge().close(error, used);
    }

    /** It goes on with another's answer. */
    void servesRest() {
        if (state != State.OVER) {
            state = State.OVER;
            alarm.stop();
            charge().serves(status, nanos());
        }
    }

    /** Nobody wants its answer any more. */
    void abandon() {
        fallShort(shortfalls.cancelled(status));
    }

    /** What an attempt used that does not serve: an error has no price, and where nothing was answered the request may have. */
    private Used used() {
        if (status > 299) {
            return Used.NOTHING;
        }
        return relay == null ? call().account().unreported(charge()) : relay.used();
    }

    int status() {
        return status;
    }
}
