package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.config.Settings;
import dev.tollgate.credential.CredentialException;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Framing;
import dev.tollgate.dialect.Translation;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import dev.tollgate.stream.Framings;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request to one target, until its answer is known to be good or bad. A streamed answer is good once its first content has
 * come; then its {@link StreamRelay} goes on alone.
 *
 * <p>Every way out goes through {@link #fallShort} or {@link #serve}; the first of them counts, frees the timer and, for all
 * but a good answer, the connection.
 */
final class Attempt implements Tries.Try, UpstreamListener {
    /** The most of an error body that is read, in bytes. */
    private static final int ERROR_CAP = 64 * 1024;

    /** The largest whole answer, in bytes. */
    private static final int ANSWER_CAP = 32 * 1024 * 1024;

    /** The dialect whose streams may be arrays of JSON, of the same media type as its whole answers. */
    private static final String STREAMS_ARRAYS = "gemini";

    private enum State {
        AWAITING_HEAD,
        READING_ERROR,
        READING_WHOLE,
        READING_STREAM,
        OVER
    }

    private final Tries tries;
    private final Candidate candidate;
    private final Way way;
    private final Translation translation;
    private final Settings.Timeouts timeouts;
    private final Shortfalls shortfalls;
    private final Alarm alarm;
    private final long startNanos;

    private State state = State.AWAITING_HEAD;
    private @Nullable Flight flight;
    private int status;
    private List<Header> headers = List.of();
    private ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private @Nullable StreamRelay relay;
    private long lastByteNanos;

    Attempt(Tries tries, Tries.Choice choice, Translation translation) {
        this.tries = tries;
        this.candidate = choice.candidate();
        this.way = choice.way();
        this.translation = translation;
        this.timeouts = tries.call().plan().model().timeouts();
        this.shortfalls = new Shortfalls(candidate.label(), tries.number());
        this.alarm = new Alarm(tries.forwarder().timers, tries.lane());
        this.startNanos = tries.call().now();
    }

    @Override
    public Candidate candidate() {
        return candidate;
    }

    /** How the target is asked. */
    Way way() {
        return way;
    }

    Translation translation() {
        return translation;
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
    public void start() {
        alarm.set(Math.min(timeouts.firstByte().toNanos(), tries.nanosLeft()), this::late);
        UpstreamRequest request = tries.forwarder().requests.of(call(), candidate, way, translation.requestBody());
        if (request.provider().credential() instanceof Credential.Fixed) {
            send(request);
            return;
        }
        tries.forwarder()
                .authorization
                .complete(request)
                .whenComplete((complete, failure) -> tries.lane().run(() -> authorized(complete, failure)));
    }

    private void authorized(UpstreamRequest request, @Nullable Throwable failure) {
        if (state == State.OVER) {
            return;
        }
        if (failure == null) {
            send(request);
        } else {
            fallShort(shortfalls.unauthorized(CredentialException.of(failure)));
        }
    }

    private void send(UpstreamRequest request) {
        flight = tries.forwarder().upstreams.send(request, this);
        if (state == State.OVER) {
            flight.abort();
        }
    }

    // --- what the provider sends, put into the lane

    @Override
    public void head(int httpStatus, List<Header> fields) {
        tries.lane().run(() -> takeHead(httpStatus, fields));
    }

    @Override
    public void data(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        tries.lane().run(() -> take(copy));
    }

    @Override
    public void end() {
        tries.lane().run(this::takeEnd);
    }

    @Override
    public void failed(UpstreamFailure failure) {
        tries.lane().run(() -> takeFailure(failure));
    }

    // --- the same, in the lane

    private void takeHead(int httpStatus, List<Header> fields) {
        if (state != State.AWAITING_HEAD) {
            return;
        }
        status = httpStatus;
        headers = fields;
        lastByteNanos = call().now();
        if (status < 200 || status > 299) {
            state = State.READING_ERROR;
        } else {
            takeGoodHead(ProviderHeaders.mediaType(fields));
        }
    }

    private void takeGoodHead(String mediaType) {
        Framing framing = framing(mediaType);
        String encoding = ProviderHeaders.find(headers, "content-encoding").orElse("identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            fallShort(shortfalls.badAnswer(status, "it compressed an answer that was asked for uncompressed"));
        } else if (!call().stream()) {
            state = State.READING_WHOLE;
            if (framing != null) {
                fallShort(shortfalls.badAnswer(status, "it streamed an answer that was asked for whole"));
            }
        } else if (framing != null && flight != null) {
            state = State.READING_STREAM;
            relay = new StreamRelay(tries, this, flight, framing, headers);
        } else {
            fallShort(shortfalls.badAnswer(status, "it did not stream an answer that was asked for as a stream"));
        }
    }

    /** How the answer is put on the wire if it is a stream, otherwise null. */
    private @Nullable Framing framing(String mediaType) {
        boolean mayBeArray = call().stream() && way.dialect().equals(STREAMS_ARRAYS);
        return Framings.of(mediaType)
                .filter(framing -> mayBeArray || framing != Framings.JSON_ARRAY)
                .orElse(null);
    }

    private void take(byte[] bytes) {
        lastByteNanos = call().now();
        if (relay != null) {
            relay.take(bytes);
            return;
        }
        int cap = state == State.READING_ERROR ? ERROR_CAP : ANSWER_CAP;
        if (state == State.OVER) {
            return;
        }
        body.write(bytes, 0, Math.min(bytes.length, cap - body.size()));
        if (flight != null) {
            flight.request(bytes.length);
        }
        if (body.size() == cap) {
            full();
        }
    }

    private void full() {
        if (state == State.READING_ERROR) {
            refused();
        } else {
            fallShort(shortfalls.badAnswer(status, "its answer is larger than " + (ANSWER_CAP >> 20) + " MiB"));
        }
    }

    private void takeEnd() {
        if (relay != null) {
            relay.ended();
        } else if (state == State.READING_ERROR) {
            refused();
        } else if (state == State.READING_WHOLE) {
            whole();
        }
    }

    private void takeFailure(UpstreamFailure failure) {
        if (relay != null) {
            relay.broken();
        } else if (state == State.READING_ERROR) {
            refused();
        } else if (state == State.READING_WHOLE) {
            fallShort(shortfalls.badAnswer(status, "its answer was cut short"));
        } else {
            fallShort(shortfalls.of(failure));
        }
    }

    private void refused() {
        if (status == 401 || status == 403) {
            tries.forwarder().authorization.refused(candidate.provider());
        }
        byte[] read = body.toByteArray();
        fallShort(shortfalls.ofAnswer(
                status, headers, read, translation, tries.forwarder().clock.instant()));
    }

    private void whole() {
        try {
            Translation.Whole answer = translation.answer(body.toByteArray());
            body = new ByteArrayOutputStream(0);
            serve(new WholeReply(tries, candidate, way, headers, answer, translation.dropped()));
        } catch (BadAnswer bad) {
            fallShort(shortfalls.badAnswer(status, String.valueOf(bad.getMessage())));
        }
    }

    // --- deadlines

    private void late() {
        long now = call().now();
        long idleLeft = timeouts.idle().toNanos() - (now - lastByteNanos);
        long left = tries.nanosLeft();
        if (left <= 0) {
            fallShort(shortfalls.tooLate(status, "no answer within " + Shortfalls.spell(timeouts.total())));
        } else if (relay != null && relay.serveWhatIsHeld()) {
            return;
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
    public void cancel() {
        if (state != State.OVER) {
            fallShort(shortfalls.cancelled(status));
        } else if (relay != null) {
            relay.callerLeft();
        }
    }

    @Override
    public void crash(Refusal refusal) {
        state = State.OVER;
        alarm.stop();
        if (flight != null) {
            flight.abort();
        }
        if (relay != null) {
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
        relay = null;
        body = new ByteArrayOutputStream(0);
        if (flight != null) {
            flight.abort();
        }
        tries.fellShort(this, shortfall);
    }

    int status() {
        return status;
    }
}
