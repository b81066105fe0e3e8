package dev.tollgate;

import dev.tollgate.access.Caller;
import dev.tollgate.account.Account;
import dev.tollgate.config.Settings.Priority;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.limit.Permit;
import dev.tollgate.load.Load;
import dev.tollgate.load.Load.Stay;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.receive.Upload;
import dev.tollgate.retry.RetryEvents.Fallback;
import dev.tollgate.route.Candidate;
import dev.tollgate.route.Plan;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One AI call on its way: what each step has found out, for the steps after it and for the record at the end.
 *
 * <p>Each value is written once, by the step it belongs to. Steps follow one another, so values written by one are seen by
 * the next; only {@link #cancel}, {@link #onCancel} and {@link #endsNow} may race with them.
 */
public final class Call {
    private static final String PRIORITY = "x-tollgate-priority";

    private final String id;
    private final Exchange exchange;
    private final Endpoint endpoint;
    private final Setup setup;
    private final Instant started;
    private final LongSupplier nanoTime;
    private final long startNanos;

    private @Nullable Caller caller;
    private Stay stay = Load.NOBODYS;
    private boolean bodyAsked;
    private @Nullable JsonDocument body;
    private @Nullable Upload upload;
    private @Nullable String model;
    private @Nullable Plan plan;
    private final Account account;
    private @Nullable Candidate target;
    private @Nullable Fallback fallback;
    private boolean stream;
    private int status;
    private AnswerFacts facts = AnswerFacts.UNKNOWN;
    private OptionalLong firstByteNanos = OptionalLong.empty();
    private List<String> dropped = List.of();
    private long bytesIn;
    private long bytesOut;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final Object cancelLock = new Object();
    private @Nullable Runnable cancelAction;
    private boolean cancelled;
    private volatile boolean closing;

    /**
     * @param id unique among all calls of all nodes
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public Call(String id, Exchange exchange, Endpoint endpoint, Setup setup, Instant started, LongSupplier nanoTime) {
        this.id = id;
        this.exchange = exchange;
        this.endpoint = endpoint;
        this.setup = setup;
        this.started = started;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.account = new Account(this);
    }

    public String id() {
        return id;
    }

    public Exchange exchange() {
        return exchange;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** The caller's dialect. */
    public Dialect dialect() {
        return endpoint.dialect();
    }

    public Setup setup() {
        return setup;
    }

    /** The monotonic clock, in nanoseconds. */
    public long now() {
        return nanoTime.getAsLong();
    }

    /** When the call arrived, on the monotonic clock. */
    public long startNanos() {
        return startNanos;
    }

    public Caller caller() {
        return known(caller, "caller");
    }

    /** How urgent it is. */
    public Priority priority() {
        return caller().priority().lowered(exchange.header(PRIORITY).orElse(null));
    }

    /** The request body. */
    public JsonDocument body() {
        return known(body, "body");
    }

    /** The model name asked for. */
    public String model() {
        return known(model, "model");
    }

    /** The model name asked for, or null while none has been. */
    public @Nullable String askedModel() {
        return model;
    }

    public Plan plan() {
        return known(plan, "plan");
    }

    /** What it may cost and has cost. */
    public Account account() {
        return account;
    }

    /** What the limits have reserved for it; null while they have not let it through. */
    public @Nullable Permit permit() {
        return account.permit();
    }

    /** Whether the caller asked for a streamed answer. */
    public boolean stream() {
        return stream;
    }

    /** The HTTP status sent to the caller, or 0 while none has been. */
    public int status() {
        return status;
    }

    /** Whether the body has been asked for, whether it came or not. */
    boolean bodyWasAsked() {
        return bodyAsked;
    }

    /** Notes that the body is being read. */
    public void askedForBody() {
        this.bodyAsked = true;
    }

    Call calledBy(Caller who) {
        this.caller = who;
        return this;
    }

    /** Notes that it was let in. */
    Call stays(Stay how) {
        this.stay = how;
        return this;
    }

    /** It is let go. */
    void leaves() {
        stay.end();
    }

    /** Notes the body, the model it asks for and whether it asks for a stream. */
    public Call received(JsonDocument document, String modelName, boolean streamed) {
        this.body = document;
        stay.holds(document.bytes().length);
        this.model = modelName;
        this.stream = streamed;
        return this;
    }

    /** Notes the body of a call that is not translated, or what is there of it. */
    public Call uploads(Upload what) {
        this.upload = what;
        return this;
    }

    /** The body of a call that is not translated; none where it was not read. */
    public Upload upload() {
        return upload == null ? Upload.NONE : upload;
    }

    /** Notes the model asked for, where that comes out late, and whether a stream is. */
    public Call asksFor(@Nullable String modelName, boolean streamed) {
        this.model = modelName;
        this.stream = streamed;
        return this;
    }

    Call planned(Plan where) {
        this.plan = where;
        return this;
    }

    /** Notes which target answers. */
    public void answeredBy(Candidate candidate) {
        this.target = candidate;
    }

    /** Notes that it goes to other targets than it was meant for. */
    public void fellBack(Fallback why) {
        this.fallback = why;
    }

    /** Why it went to other targets than it was meant for; null where it did not. */
    public @Nullable Fallback fallback() {
        return fallback;
    }

    /** Notes the status that is being sent. */
    public void sentStatus(int httpStatus) {
        this.status = httpStatus;
    }

    /** Notes that the first byte of the answer goes to the caller now. */
    public void firstByte() {
        if (firstByteNanos.isEmpty()) {
            firstByteNanos = OptionalLong.of(now() - startNanos);
        }
    }

    /** The service tier that served the answer, in the provider's word; null when it did not say. */
    public @Nullable String servedTier() {
        return facts.serviceTier();
    }

    /** Notes what the answer was. */
    public void answered(AnswerFacts what) {
        this.facts = what;
    }

    /**
     * Notes how much has passed through, in bytes.
     *
     * @param in of the request; -1 where all of it was there
     * @param out of the answer
     */
    public void moved(long in, long out) {
        this.bytesIn = in >= 0
                ? in
                : upload().document() == null ? 0 : upload().document().bytes().length;
        this.bytesOut = out;
    }

    /** Notes what could not be carried across dialects. */
    public void dropped(List<String> names) {
        this.dropped = List.copyOf(names);
    }

    /** What {@link #cancel} does from now on; done at once when the call has been cancelled already. */
    public void onCancel(Runnable action) {
        boolean late;
        synchronized (cancelLock) {
            late = cancelled;
            cancelAction = action;
        }
        if (late) {
            action.run();
        }
    }

    /** The caller is gone: whatever runs for it is ended. */
    public void cancel() {
        Runnable action;
        synchronized (cancelLock) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            action = cancelAction;
        }
        if (action != null) {
            action.run();
        }
    }

    /** The gateway cannot wait for it any longer. */
    void close() {
        closing = true;
        cancel();
    }

    /** Whether it is over because the gateway is closing, rather than its caller gone. */
    public boolean isClosing() {
        return closing;
    }

    /** Whether the caller is gone, or the gateway closing. */
    public boolean isCancelled() {
        synchronized (cancelLock) {
            return cancelled;
        }
    }

    /** True the first time only. */
    boolean endsNow() {
        return ended.compareAndSet(false, true);
    }

    /** The record of the call, as it stands. */
    public CallRecord record(@Nullable ErrorCode error) {
        return new CallRecord(
                id,
                started,
                endpoint.dialect().id(),
                endpoint.template(),
                caller,
                model,
                plan == null ? null : plan.model().name(),
                target == null ? null : target.label(),
                account.attempts(),
                status,
                error,
                stream,
                account.usage(),
                account.isEstimated(),
                account.cost(),
                firstByteNanos,
                now() - startNanos,
                account.waitedNanos(),
                facts.finish() == null ? null : facts.finish().raw(),
                dropped,
                endpoint.operation().name().toLowerCase(Locale.ROOT),
                bytesIn,
                bytesOut);
    }

    private static <T> T known(@Nullable T value, String what) {
        if (value == null) {
            throw new IllegalStateException("the call's " + what + " is not known yet");
        }
        return value;
    }
}
