package dev.tollgate;

import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Server;
import dev.tollgate.forward.Forwarder;
import dev.tollgate.forward.Reply;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.load.Load;
import dev.tollgate.meter.Meter;
import dev.tollgate.provider.Operation;
import dev.tollgate.receive.Receiver;
import dev.tollgate.receive.UploadReceiver;
import dev.tollgate.retry.RetryEvents.Fallback;
import dev.tollgate.route.Plan;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers AI calls. {@link #chat(Call)} is the way of a call: each line is a package, best read in this order. Only the lines that
 * wait (read, reserve, send, stream) are asynchronous; each step itself is plain code, and none knows the next.
 */
public final class Gateway implements ExchangeHandler {
    private static final System.Logger LOG = System.getLogger(Gateway.class.getName());

    private static final byte[] NOTHING = {};

    private final Supplier<Setup> setups;
    private final Endpoints endpoints;
    private final Calls calls;
    private final Receiver receiver;
    private final UploadReceiver uploads;
    private final Pinning pinning;
    private final Forwarder forwarder;
    private final Meter meter;
    private final Pages pages;
    private final Shutdown shutdown;
    private final Load load;

    Gateway(
            Supplier<Setup> setups,
            Endpoints endpoints,
            Calls calls,
            Receiver receiver,
            UploadReceiver uploads,
            Pinning pinning,
            Forwarder forwarder,
            Meter meter,
            Pages pages,
            Shutdown shutdown,
            Load load) {
        this.setups = setups;
        this.endpoints = endpoints;
        this.calls = calls;
        this.receiver = receiver;
        this.uploads = uploads;
        this.pinning = pinning;
        this.forwarder = forwarder;
        this.meter = meter;
        this.pages = pages;
        this.shutdown = shutdown;
        this.load = load;
    }

    @Override
    public boolean serves(String method, String path) {
        return endpoints
                .find(method, new RequestTarget(path, ""), name -> false, server())
                .isPresent();
    }

    @Override
    public void handle(Exchange exchange) {
        Predicate<String> has = name -> exchange.header(name).isPresent();
        Endpoint endpoint = endpoints
                .find(exchange.method(), exchange.target(), has, server())
                .orElseGet(() -> endpoints.nothing(exchange.target().path(), has));
        if (endpoint.kind() == Endpoint.Kind.CALL) {
            call(exchange, endpoint);
        } else {
            page(exchange, endpoint);
        }
    }

    /** Completes, never exceptionally, when the call is over and nothing will touch its exchange again. */
    private CompletionStage<Void> call(Exchange exchange, Endpoint endpoint) {
        Call call = calls.begin(exchange, endpoint, setups.get());
        CompletionStage<Void> answered = endpoint.operation() == Operation.RELAY ? relay(call) : chat(call);
        return answered.handle((done, failure) -> settle(call, failure)) // meter: exactly once, on every way out
                .thenCompose(settled -> settled)
                .exceptionally(failure -> breakOff(exchange));
    }

    private CompletionStage<Void> chat(Call begun) {
        return CompletableFuture.completedFuture(begun)
                .thenApply(this::identify) // access: who is calling? load: is there room?
                .thenCompose(receiver::read) // receive: the body, once, capped, checked
                .thenApply(Gateway::inspect) // guard: may it be said?
                .thenApply(Gateway::plan) // route: the targets, in order
                .thenCompose(pinning::restrict) // pin: only those that have what it refers to
                .thenCompose(Gateway::reserve) // limit: a permit, or a refusal
                .thenCompose(forwarder::send) // translate, forward, fall back
                .thenCompose(reply -> pinning.learn(begun, reply)) // pin: where what it made is kept
                .thenCompose(Reply::streamBack); // stream: as fast as the caller reads
    }

    /** The way of a call that is not translated: images, audio, moderations, files, batches and stored responses. */
    private CompletionStage<Void> relay(Call begun) {
        return CompletableFuture.completedFuture(begun)
                .thenApply(this::identify)
                .thenCompose(call -> relay(
                        call,
                        RelayPath.of(call.endpoint(), call.exchange().target().path())));
    }

    private CompletionStage<Void> relay(Call begun, RelayPath path) {
        return uploads.read(begun, !path.isOwned()) // receive: a document whole, of a form the beginning
                .thenApply(Gateway::inspectUpload)
                .thenCompose(call -> pinning.plan(call, path)) // pin and route: where it is, or may go
                .thenCompose(Gateway::reserve)
                .thenCompose(call -> forwarder.relay(call, path)) // forward, as the caller sends it
                .thenCompose(reply -> pinning.learn(begun, path, reply))
                .thenCompose(Reply::streamBack);
    }

    private static Call inspectUpload(Call call) {
        JsonDocument document = call.upload().document();
        if (document != null) {
            call.setup().guards().inspect(document);
        }
        return call;
    }

    private Call identify(Call call) {
        shutdown.refuseWhenClosing();
        call.calledBy(call.setup().authenticator().identify(call.exchange()));
        return call.stays(load.admit(call.priority(), heldBytes(call.exchange())));
    }

    /** How large the body is that will be held: of a form next to nothing, and -1 where nobody says. */
    private static long heldBytes(Exchange exchange) {
        if (exchange.header("content-type").orElse("").startsWith("multipart/")) {
            return 0;
        }
        String said = exchange.header("content-length").orElse("");
        return said.matches("\\d{1,18}") ? Long.parseLong(said) : -1;
    }

    private static Call inspect(Call call) {
        call.setup().guards().inspect(call.body());
        return call;
    }

    private static Call plan(Call call) {
        return call.planned(call.setup().router().plan(call.model(), call.caller()));
    }

    private static CompletionStage<Call> reserve(Call call) {
        return call.account()
                .reserve()
                .thenApply(permitted -> call)
                .exceptionallyCompose(failure -> reserveElsewhere(call, failure));
    }

    /** A call for which a budget has no money goes to the targets that are meant for that, where its model has some. */
    private static CompletionStage<Call> reserveElsewhere(Call call, Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        Optional<Plan> other = cause instanceof Refusal refusal ? call.plan().insteadOf(refusal) : Optional.empty();
        if (other.isEmpty()) {
            return CompletableFuture.failedFuture(failure);
        }
        call.planned(other.get());
        call.fellBack(Fallback.BUDGET);
        return call.account().reserve().thenApply(permitted -> call);
    }

    /** Settles what the call has used, records it, and tells the caller of a failure that it has not been told of. */
    private CompletionStage<Void> settle(Call call, @Nullable Throwable failure) {
        if (!call.endsNow()) {
            return CompletableFuture.completedFuture(null);
        }
        if (failure == null) {
            close(call, null);
            return CompletableFuture.completedFuture(null);
        }
        Refusal refusal = asRefusal(call, failure);
        boolean untold = call.status() == 0;
        if (untold) {
            call.sentStatus(call.dialect().errorStatus(refusal));
        }
        CompletionStage<Void> written = close(call, refusal.code());
        if (untold) {
            return written.handle((done, unwritten) -> refusal).thenCompose(why -> tell(call, why));
        }
        if (refusal.code() == ErrorCode.GATEWAY_INTERNAL || refusal.code() == ErrorCode.CALLER_CANCELLED) {
            breakOff(call.exchange()); // in the middle of the answer: nobody else ends it
        }
        return CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Void> close(Call call, @Nullable ErrorCode error) {
        try {
            return call.account().close(call.status(), error);
        } finally {
            call.leaves();
            calls.ended(call);
            meter.record(call.record(error));
        }
    }

    /** Ends an exchange that could not be ended properly, so that neither its caller nor its connection waits for ever. */
    private static @Nullable Void breakOff(Exchange exchange) {
        exchange.abort();
        return null;
    }

    private CompletionStage<Void> tell(Call call, Refusal refusal) {
        boolean named = call.setup().settings().server().answerHeaders();
        List<Header> headers = new ArrayList<>(forwarder.headersOfRefusal(call));
        if (endsConnection(refusal)) {
            headers.add(new Header("connection", "close"));
        }
        return calls.tells(unreadBody(call)
                .thenCompose(nothing ->
                        Answers.refuse(call.exchange(), call.endpoint(), refusal, call.id(), headers, named)));
    }

    /** Whether who is refused should come back on another connection: to another node, or when there are some again. */
    private boolean endsConnection(Refusal refusal) {
        return refusal.code() == ErrorCode.GATEWAY_DRAINING
                || (refusal.code() == ErrorCode.GATEWAY_OVERLOADED && load.isShortOfConnections());
    }

    /** Reads what is left of a body that nobody wanted, so that the caller gets to read why. */
    private static CompletionStage<Void> unreadBody(Call call) {
        if (call.bodyWasAsked()) {
            return call.upload().discard();
        }
        return call.exchange().readBody(0).handle((body, tooLarge) -> null);
    }

    private CompletionStage<Void> page(Exchange exchange, Endpoint endpoint) {
        Setup setup = setups.get();
        return bodyOf(exchange, endpoint, setup)
                .thenCompose(body -> pages.answer(exchange, endpoint, setup, body))
                .exceptionallyCompose(failure -> refusePage(exchange, endpoint, setup, asRefusal(null, failure)))
                .exceptionally(failure -> breakOff(exchange));
    }

    /** The body where a page wants it. What nobody wants is read and thrown away, so that the caller gets to read the answer. */
    private CompletionStage<byte[]> bodyOf(Exchange exchange, Endpoint endpoint, Setup setup) {
        try {
            long most = pages.bodyBytes(exchange, endpoint, setup);
            return most > 0 ? exchange.readBody(most) : exchange.readBody(0).handle((body, tooLarge) -> NOTHING);
        } catch (Refusal refused) {
            return exchange.readBody(0).handle((body, tooLarge) -> {
                throw refused;
            });
        }
    }

    private CompletionStage<Void> refusePage(Exchange exchange, Endpoint endpoint, Setup setup, Refusal refusal) {
        if (refusal.code() == ErrorCode.CALLER_CANCELLED) {
            return CompletableFuture.failedFuture(refusal);
        }
        boolean named = setup.settings().server().answerHeaders();
        return Answers.refuse(exchange, endpoint, refusal, calls.newId(), List.of(), named);
    }

    /** What ended a call; where it was not refused, its caller has left, or the gateway is at fault. */
    private static Refusal asRefusal(@Nullable Call call, Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        if (cause instanceof Refusal refusal) {
            return refusal;
        }
        if (cause instanceof IOException) {
            return new Refusal(ErrorCode.CALLER_CANCELLED, "the caller left before its answer was whole");
        }
        String id = call == null ? "" : " in " + call.id();
        LOG.log(Level.ERROR, "a fault of the gateway's own" + id, cause);
        return new Refusal(ErrorCode.GATEWAY_INTERNAL, "the gateway has failed on this call; its log tells more");
    }

    private Server server() {
        return setups.get().settings().server();
    }

    /** The configuration in force. */
    public Settings settings() {
        return setups.get().settings();
    }

    /**
     * Stops taking calls, lets those under way finish within the time to drain, ends the rest, and frees everything. Blocks
     * until that is done.
     */
    @Override
    public void close() {
        forwarder.stopDraining();
        shutdown.close();
    }
}
