package dev.tollgate.forward;

import dev.tollgate.Header;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * One request over HTTP.
 *
 * <p>It ends once: by the end of the answer, by a failure, or by {@link #abort}, whichever comes first, and its listener hears
 * nothing afterwards. {@code over} is that gate, and every way out goes through it.
 *
 * <p>The client's own {@code Future.cancel} does nothing for a request on a reused connection, so ending early means to
 * discard the connection, through the {@link AsyncExecRuntime} that an interceptor keeps. The future is cancelled as well,
 * for a request that has no connection yet, and what slips between the two finds {@code over} set when it is about to write.
 *
 * <p>The client's future is never completed. Were it, by an answer that begins while {@code execute} has not returned, the
 * client would take it for called off and cut the connection. Nothing waits for it: the end is told by {@link #streamEnd}.
 */
final class HttpFlight implements Flight, AsyncResponseConsumer<Boolean> {
    static final String ATTRIBUTE = "tollgate.flight";
    static final long POOL_WAIT_MILLIS = 1_000;

    /** How long a name may take to be looked up, or a client to be made, in nanoseconds. */
    private static final long NAME_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Credit is given back in lots, since each lot wakes the reactor. */
    private static final int LOT = 16 * 1024;

    private static final int MOST_HEADERS = 100;

    /** How long the client may take to say why it has let go of a connection; it does at once, where it knows. */
    private static final long CAUSE_MILLIS = 100;

    private final UpstreamRequest request;
    private final UpstreamListener listener;
    private final ScheduledExecutorService timers;
    private final Set<HttpFlight> underWay;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger owed = new AtomicInteger();
    private final long startNanos = System.nanoTime();

    private final RequestSender sender;
    private final AtomicBoolean gone = new AtomicBoolean();

    private volatile boolean connected;
    private volatile boolean sending;
    private volatile Bulkhead.@Nullable Berth berth;
    private volatile @Nullable HttpTransport transport;
    private volatile @Nullable AsyncExecRuntime runtime;
    private volatile @Nullable Future<Boolean> future;
    private volatile @Nullable CapacityChannel window;
    private volatile @Nullable ScheduledFuture<?> watch;
    private volatile long turnNanos;

    /** @param underWay holds this flight from its start to its end */
    HttpFlight(
            UpstreamRequest request,
            UpstreamListener listener,
            ScheduledExecutorService timers,
            Set<HttpFlight> underWay) {
        this.request = request;
        this.listener = listener;
        this.timers = timers;
        this.underWay = underWay;
        this.sender = new RequestSender(request, this::beforeWrite);
    }

    /** @param way leads to the client to use, asked once it is this flight's turn */
    void start(Bulkhead bulkhead, Supplier<CompletionStage<HttpTransport>> way) {
        underWay.add(this);
        Bulkhead.Berth place = bulkhead.berth(() -> takeOff(way));
        berth = place;
        if (!place.enter()) {
            fail(UpstreamFailure.Kind.POOL_EXHAUSTED, "too many calls wait for a connection");
        } else if (!isConnected()) {
            watchAfter(Math.min(TimeUnit.MILLISECONDS.toNanos(POOL_WAIT_MILLIS), connectNanos()));
        }
        if (over.get()) {
            letGo();
        }
    }

    private void takeOff(Supplier<CompletionStage<HttpTransport>> way) {
        turnNanos = System.nanoTime();
        if (over.get()) {
            return;
        }
        way.get().whenComplete((known, failure) -> {
            if (failure != null) {
                failed(unwrap(failure));
            } else if (over.get()) {
                letGo();
            } else if (known.hold()) {
                transport = known;
                launch(known.client());
            } else {
                takeOff(way); // it was replaced at this moment
            }
        });
    }

    private void launch(CloseableHttpAsyncClient client) {
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(ATTRIBUTE, this);
        future = client.execute(sender, this, null, context, new Outcome());
        if (over.get()) {
            drop();
        }
    }

    void boarded(AsyncExecRuntime hold) {
        runtime = hold;
    }

    /** The way to the provider is there. A request without a body is written as a whole from here on. */
    void connected() throws IOException {
        connected = true;
        if (request.body() instanceof UpstreamBody.None) {
            beforeWrite();
        }
    }

    private void beforeWrite() throws IOException {
        sending = true; // first, so that who ends the flight and sees that it is not can be sure
        if (over.get()) {
            throw new IOException("the request was called off");
        }
    }

    // --- until the request is on its way

    private boolean isConnected() {
        return connected || over.get();
    }

    private long connectNanos() {
        return request.connectTimeout().toNanos();
    }

    private void watchAfter(long nanos) {
        try {
            watch = timers.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            failed(new CancellationException("the gateway is closing"));
        }
        if (over.get()) {
            unwatch();
        }
    }

    /** Waits apart for its turn and for a connection to be made; names, proxies and TLS count as the latter. */
    private void look() {
        if (isConnected()) {
            return;
        }
        long now = System.nanoTime();
        long turn = turnNanos;
        if (turn == 0) {
            waitOn(
                    TimeUnit.MILLISECONDS.toNanos(POOL_WAIT_MILLIS) - (now - startNanos),
                    UpstreamFailure.Kind.POOL_EXHAUSTED);
        } else {
            long most = transport == null ? Math.min(NAME_NANOS, connectNanos()) : connectNanos();
            waitOn(most - (now - turn), UpstreamFailure.Kind.CONNECT);
        }
    }

    private void waitOn(long left, UpstreamFailure.Kind otherwise) {
        if (left > 0) {
            watchAfter(left);
        } else if (otherwise == UpstreamFailure.Kind.POOL_EXHAUSTED) {
            fail(otherwise, "no connection was free within " + POOL_WAIT_MILLIS + " ms");
        } else {
            fail(
                    otherwise,
                    transport == null ? "no address in time" : "no connection within " + request.connectTimeout());
        }
    }

    private void unwatch() {
        ScheduledFuture<?> timer = watch;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    // --- the answer

    @Override
    public void consumeResponse(
            HttpResponse response, @Nullable EntityDetails body, HttpContext context, FutureCallback<Boolean> result)
            throws IOException {
        checkAlive();
        checkIsProvidersOwn(response);
        List<Header> headers = new ArrayList<>();
        for (org.apache.hc.core5.http.Header header : response.getHeaders()) {
            headers.add(new Header(header.getName(), header.getValue() == null ? "" : header.getValue()));
        }
        listener.head(response.getCode(), headers);
        if (body == null) {
            ended();
        }
    }

    /** A proxy that refuses to lead on answers in its own name, before anything was sent; nobody must take it for the provider. */
    private void checkIsProvidersOwn(HttpResponse response) throws IOException {
        if (!connected) {
            fail(UpstreamFailure.Kind.CONNECT, "the proxy refused with status " + response.getCode());
            throw new IOException("the proxy refused");
        }
        if (response.getHeaders().length > MOST_HEADERS) {
            fail(UpstreamFailure.Kind.PROTOCOL, "more than " + MOST_HEADERS + " headers");
            throw new IOException("too many headers");
        }
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) throws IOException {
        checkAlive();
    }

    @Override
    public void consume(ByteBuffer bytes) throws IOException {
        checkAlive();
        listener.data(bytes);
        bytes.position(bytes.limit());
    }

    @Override
    public void streamEnd(@Nullable List<? extends org.apache.hc.core5.http.Header> trailers) {
        ended();
    }

    private void checkAlive() throws IOException {
        if (over.get()) {
            throw new IOException("nobody wants this answer any more");
        }
    }

    private void ended() {
        if (isFirstEnd()) {
            if (isStillSending()) {
                drop(); // it has answered without the rest, which the connection would wait for
            } else {
                unwatch();
            }
            listener.end();
        }
    }

    private boolean isStillSending() {
        return !sender.isSent();
    }

    // --- back-pressure

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        window = channel;
        giveCredit(1);
    }

    @Override
    public void request(int bytes) {
        owed.addAndGet(bytes);
        try {
            giveCredit(LOT);
        } catch (IOException closed) {
            // The connection is gone; its end is told by the client itself.
        }
    }

    private void giveCredit(int least) throws IOException {
        CapacityChannel channel = window;
        if (channel == null || over.get() || owed.get() < least) {
            return;
        }
        int credit = owed.getAndSet(0);
        if (credit > 0) {
            channel.update(credit);
        }
    }

    // --- the ends

    @Override
    public void abort() {
        if (isFirstEnd()) {
            drop();
        }
    }

    private boolean isFirstEnd() {
        underWay.remove(this);
        return over.compareAndSet(false, true);
    }

    private void drop() {
        unwatch();
        Future<Boolean> running = future;
        if (running != null) {
            running.cancel(true);
        }
        AsyncExecRuntime hold = runtime;
        if (hold != null) {
            hold.discardEndpoint();
        }
        letGo();
    }

    /** Gives back what it holds, once each. */
    private void letGo() {
        Bulkhead.Berth place = berth;
        if (place != null) {
            place.leave();
        }
        HttpTransport used = transport;
        if (used != null && gone.compareAndSet(false, true)) {
            used.release();
        }
    }

    @Override
    public void failed(Exception cause) {
        fail(HttpFailures.kindOf(cause, sending), HttpFailures.detail(cause));
    }

    /** The client is closing. */
    void cut() {
        if (isFirstEnd()) {
            UpstreamFailure.Kind kind = sending ? UpstreamFailure.Kind.ABORTED : UpstreamFailure.Kind.CLOSED;
            drop();
            listener.failed(new UpstreamFailure(kind, "the gateway is closing"));
        }
    }

    private void fail(UpstreamFailure.Kind kind, String detail) {
        if (isFirstEnd()) {
            drop();
            listener.failed(new UpstreamFailure(kind, detail));
        }
    }

    /** The connection is let go of. Before an end, that is a failure, whose cause is told next if it is told at all. */
    @Override
    public void releaseResources() {
        if (over.get()) {
            letGo();
            return;
        }
        try {
            watch = timers.schedule(this::cutOff, CAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            cutOff();
        }
    }

    private void cutOff() {
        fail(UpstreamFailure.Kind.BROKEN, "the connection was closed before the answer was whole");
    }

    private static Exception unwrap(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof Exception exception ? exception : new IOException(cause);
    }

    /** Hears of failures that come before there is an answer. */
    private final class Outcome implements FutureCallback<Boolean> {
        @Override
        public void completed(Boolean done) {}

        @Override
        public void failed(Exception cause) {
            HttpFlight.this.failed(cause);
        }

        @Override
        public void cancelled() {
            HttpFlight.this.failed(new CancellationException("the client is closing"));
        }
    }
}
