package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.RelayPath;
import dev.tollgate.account.Charge;
import dev.tollgate.account.Used;
import dev.tollgate.config.Settings;
import dev.tollgate.credential.CredentialException;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Way;
import dev.tollgate.receive.Upload;
import dev.tollgate.route.Candidate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * One request of a call that is not translated, until its answer has begun and is good, or it is known to be bad. The answer
 * then goes on as a {@link RelayReply}, or whole as a {@link DocumentReply} where the gateway must read it first.
 */
final class RelayAttempt implements Try, LaneListener.Taker, UploadSending.Models {
    private enum State {
        AWAITING_HEAD,
        READING_ERROR,
        READING_DOCUMENT,
        PASSING,
        OVER
    }

    private final Tries tries;
    private final RelayPath path;
    private final Admission admission;
    private final Candidate candidate;
    private final Settings.Timeouts timeouts;
    private final Shortfalls shortfalls;
    private final Alarm alarm;
    private final long startNanos;

    private State state = State.AWAITING_HEAD;
    private @Nullable Charge charge;
    private @Nullable UploadSending sending;
    private @Nullable Flight flight;
    private @Nullable RelayReply passing;
    private int status;
    private List<Header> headers = List.of();
    private CappedBody body = CappedBody.ofAnswer();
    /** When the side that is being waited for last did something. */
    private long progressNanos;

    RelayAttempt(Tries tries, RelayPath path, Admission admission) {
        this.tries = tries;
        this.path = path;
        this.admission = admission;
        this.candidate = admission.candidate();
        this.timeouts = tries.call().plan().model().timeouts();
        this.shortfalls = new Shortfalls(candidate.label(), admission.number());
        this.alarm = new Alarm(tries.forwarder().timers, tries.lane());
        this.startNanos = tries.call().now();
        this.progressNanos = startNanos;
    }

    @Override
    public Admission admission() {
        return admission;
    }

    @Override
    public Charge charge() {
        return Tries.begun(charge);
    }

    Way way() {
        return admission.way();
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
        UpstreamBody outgoing;
        try {
            outgoing = body();
        } catch (Refusal refusal) {
            refuse(refusal);
            return;
        }
        Upload upload = call().upload();
        UpstreamRequest request = tries.forwarder()
                .requests
                .relay(call(), admission.called(), way(), path, upload.contentType(), outgoing);
        watch();
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
        } else if (sending != null) {
            sending.start();
        }
    }

    private UpstreamBody body() {
        Upload upload = call().upload();
        JsonDocument document = upload.document();
        if (document != null) {
            return new UpstreamBody.Whole(named(document));
        }
        if (upload.contentType() == null) {
            return call().exchange().method().equals("POST")
                    ? new UpstreamBody.Whole(new byte[0])
                    : new UpstreamBody.None();
        }
        sending = new UploadSending(upload, this, tries.lane(), this::progressed, this::refuse);
        return sending.pipe();
    }

    /** The document with the provider's own name of the model. */
    private byte[] named(JsonDocument document) {
        String own = candidate.model();
        if (own.isEmpty() || document.text("model").equals(Optional.of(own)) || !document.has("model")) {
            return document.bytes();
        }
        Map<String, @Nullable JsonNode> change = new HashMap<>();
        change.put("model", StringNode.valueOf(own));
        return document.with(change);
    }

    // --- what forms name

    @Override
    public String nameOf(String model) {
        String asked = call().askedModel();
        if (call().endpoint().argument() != null || model.equals(asked)) {
            return candidate.model();
        }
        return call().setup().router().plan(model, call().caller()).candidates().stream()
                .filter(each ->
                        each.provider().name().equals(candidate.provider().name()))
                .findFirst()
                .map(each -> {
                    call().asksFor(model, call().stream());
                    return each.model();
                })
                .orElseThrow(() -> Refusal.badField(
                        "model",
                        "this model is not at \"" + candidate.provider().name()
                                + "\", where the form already goes; send 'model' before the file, or name it in the"
                                + " header x-tollgate-model"));
    }

    @Override
    public void ending(boolean named) {
        if (!named && candidate.model().isEmpty()) {
            call().setup().relays().requireAll(call().caller());
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
        progressed();
        if (status < 200 || status > 299) {
            state = State.READING_ERROR;
            body = CappedBody.ofError();
            stopSending(); // it has decided without the rest
        } else if (ProviderHeaders.isCompressed(headers)) {
            fallShort(shortfalls.compressed(status));
        } else if (path.isReadWhole() && isJson()) {
            state = State.READING_DOCUMENT;
        } else if (flight != null) {
            state = State.PASSING;
            passing = new RelayReply(tries, this, flight, status, headers, sending);
            alarm.stop();
            visit().firstContent();
            tries.served(this, passing, status);
        }
    }

    private boolean isJson() {
        return ProviderHeaders.mediaType(headers).equals("application/json");
    }

    @Override
    public void take(byte[] bytes) {
        progressed();
        if (passing != null) {
            passing.take(bytes);
        } else if (state != State.OVER) {
            body.take(bytes);
            if (flight != null) {
                flight.request(bytes.length);
            }
            if (body.isFull()) {
                full();
            }
        }
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
        if (passing != null) {
            passing.ended();
        } else if (state == State.READING_ERROR) {
            refused();
        } else if (state == State.READING_DOCUMENT) {
            state = State.OVER;
            alarm.stop();
            stopSending();
            visit().firstContent();
            visit().ended((Refusal) null);
            tries.served(this, new DocumentReply(tries, this, status, headers, body.bytes(), sending), status);
        }
    }

    Shortfalls shortfalls() {
        return shortfalls;
    }

    @Override
    public void takeFailure(UpstreamFailure failure) {
        if (passing != null) {
            passing.broken(failure);
        } else if (state == State.READING_ERROR) {
            refused();
        } else if (state == State.READING_DOCUMENT && !failure.isClosing()) {
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
        fallShort(shortfalls.ofRelayed(
                status, headers, body.bytes(), tries.forwarder().clock.instant()));
    }

    // --- deadlines

    private void progressed() {
        progressNanos = call().now();
    }

    private void watch() {
        alarm.set(Math.min(waitLeft(), tries.nanosLeft()), this::late);
    }

    private void late() {
        if (tries.nanosLeft() <= 0) {
            tries.outOfTime(this);
            fallShort(shortfalls.tooLate(status, "no answer within " + Shortfalls.spell(tries.total())));
        } else if (waitLeft() <= 0 && isSending()) {
            fallShort(shortfalls.tooLate(
                    status, "it stopped taking the request for " + Shortfalls.spell(timeouts.idle())));
        } else if (waitLeft() <= 0) {
            fallShort(shortfalls.tooLate(status, "no answer for " + Shortfalls.spell(patience())));
        } else {
            watch();
        }
    }

    /** Time left for the provider; while the caller is being waited for its edge watches the time. */
    private long waitLeft() {
        if (isSending() && sending != null && !sending.isHeldBack()) {
            return timeouts.idle().toNanos();
        }
        return patience().toNanos() - (call().now() - progressNanos);
    }

    private Duration patience() {
        return state == State.AWAITING_HEAD && !isSending() ? timeouts.firstByte() : timeouts.idle();
    }

    private boolean isSending() {
        return state == State.AWAITING_HEAD && sending != null && !sending.isSent();
    }

    // --- the ends

    @Override
    public boolean hasShown() {
        return state != State.AWAITING_HEAD;
    }

    @Override
    public void lose() {
        fallShort(shortfalls.lost(status));
    }

    @Override
    public void cancel() {
        if (state == State.PASSING && passing != null) {
            stopSending();
            passing.callerLeft();
        } else if (state != State.OVER) {
            fallShort(shortfalls.cancelled(status));
        }
    }

    @Override
    public void crash(Refusal refusal) {
        state = State.OVER;
        alarm.stop();
        visit().ended(refusal);
        stopSending();
        if (flight != null) {
            flight.abort();
        }
        if (passing != null) {
            passing.crash(refusal);
        }
    }

    /** The caller's own request is at fault, and the provider may have some of it. */
    private void refuse(Refusal refusal) {
        if (passing != null) {
            passing.crash(refusal);
        } else {
            fallShort(Shortfalls.refused(refusal));
        }
    }

    private void stopSending() {
        if (sending != null) {
            sending.stop();
        }
    }

    private void fallShort(Shortfall shortfall) {
        if (state == State.OVER) {
            return;
        }
        state = State.OVER;
        alarm.stop();
        visit().ended(shortfall.verdict());
        stopSending();
        if (sending != null && shortfall.code() == ErrorCode.CALLER_CANCELLED) {
            call().upload().discard();
        }
        body.drop();
        if (flight != null) {
            flight.abort();
        }
        boolean free = status > 299 || !charge().isSent();
        tries.fellShort(this, shortfall, free ? Used.NOTHING : Used.UNKNOWN);
    }
}
