package dev.tollgate.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.BodySource;
import dev.tollgate.Exchange;
import dev.tollgate.Header;
import dev.tollgate.RequestTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * An exchange without a container. Its caller reads at once, or, once {@link #stall} was called, only what {@link #take} lets
 * it read; and it can leave ({@link #leave}). It fails a test that writes before the last write was taken or after the end.
 */
public final class FakeExchange implements Exchange {
    private final String method;
    private final RequestTarget target;
    private final Map<String, String> requestHeaders;
    private final byte[] body;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final List<Integer> writes = new ArrayList<>();
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();
    private int status;
    private List<Header> headers = List.of();
    private String session;
    private boolean stalled;
    private boolean left;
    private boolean ended;
    private boolean aborted;
    private String fault = "";
    private ByteBuffer pending;
    private CompletableFuture<Void> pendingWrite;
    private Consumer<Throwable> goneListener = cause -> {};
    private FakeBody pieces;

    /**
     * @param path the path, and the query after it if there is one
     * @param requestHeaders the caller's headers by name, in lower case
     */
    public FakeExchange(String method, String path, Map<String, String> requestHeaders, byte[] body) {
        this.method = method;
        int query = path.indexOf('?');
        this.target = query < 0
                ? new RequestTarget(path, "")
                : new RequestTarget(path.substring(0, query), path.substring(query + 1));
        this.requestHeaders = Map.copyOf(requestHeaders);
        this.body = body.clone();
    }

    public FakeExchange() {
        this("POST", "/v1/chat/completions", Map.of(), new byte[0]);
    }

    // --- what the test does

    /** From now on the caller reads nothing of its own accord. */
    public synchronized void stall() {
        stalled = true;
    }

    /** Lets a stalled caller read what is being written now. */
    public void take() {
        CompletableFuture<Void> done;
        synchronized (this) {
            if (pendingWrite == null) {
                return;
            }
            done = pendingWrite;
            store(pending);
            pendingWrite = null;
        }
        done.complete(null);
    }

    /** Lets the caller read everything again. */
    public void resume() {
        synchronized (this) {
            stalled = false;
        }
        take();
    }

    /** The caller closes its connection; as in a container, nobody is told before the next write unless {@code told}. */
    public void leave(boolean told) {
        CompletableFuture<Void> broken;
        Consumer<Throwable> listener;
        synchronized (this) {
            left = true;
            broken = pendingWrite;
            pendingWrite = null;
            listener = goneListener;
        }
        IOException cause = new IOException("the caller has left");
        if (broken != null) {
            broken.completeExceptionally(cause);
        }
        if (told) {
            listener.accept(cause);
        }
    }

    // --- what the test sees

    public synchronized int status() {
        return status;
    }

    public synchronized List<Header> answerHeaders() {
        return headers;
    }

    public synchronized Optional<String> answerHeader(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst();
    }

    /** What the caller has read so far. */
    public synchronized String text() {
        return written.toString(UTF_8);
    }

    public synchronized byte[] bytes() {
        return written.toByteArray();
    }

    /** The size of each write taken. */
    public synchronized List<Integer> writes() {
        return List.copyOf(writes);
    }

    public synchronized boolean isWriting() {
        return pendingWrite != null;
    }

    public synchronized boolean isEnded() {
        return ended;
    }

    public synchronized boolean isAborted() {
        return aborted;
    }

    /** What was done to the exchange that its contract forbids; empty when nothing was. */
    public synchronized String fault() {
        return fault;
    }

    public Map<String, Object> attributes() {
        return attributes;
    }

    // --- the exchange

    @Override
    public String method() {
        return method;
    }

    @Override
    public RequestTarget target() {
        return target;
    }

    @Override
    public List<String> headers(String name) {
        String value = requestHeaders.get(name.toLowerCase(Locale.ROOT));
        return value == null ? List.of() : List.of(value);
    }

    /** The request is part of a session of the container's. */
    public FakeExchange inSession(String id) {
        session = id;
        return this;
    }

    @Override
    public Optional<String> sessionId() {
        return Optional.ofNullable(session);
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1";
    }

    @Override
    public CompletionStage<byte[]> readBody(long maxBytes) {
        return CompletableFuture.completedFuture(body.clone());
    }

    @Override
    public BodySource body(long maxBytes) {
        return sentBody();
    }

    /** The body as it comes in pieces: what was given at the start, whole, unless {@link #sending} was called. */
    public synchronized FakeBody sentBody() {
        if (pieces == null) {
            pieces = new FakeBody(body.length).send(body).end();
        }
        return pieces;
    }

    /** From now on the body is what the test sends, piece by piece. */
    public synchronized FakeBody sending(long declared) {
        pieces = new FakeBody(declared);
        return pieces;
    }

    @Override
    public synchronized void head(int httpStatus, List<Header> answerHeaders) {
        check(status == 0, "a second head");
        status = httpStatus;
        headers = List.copyOf(answerHeaders);
    }

    @Override
    public synchronized CompletionStage<Void> write(ByteBuffer data) {
        check(status != 0, "a write before the head");
        check(pendingWrite == null, "a write before the last one was taken");
        check(!ended && !aborted, "a write after the end");
        check(data.hasRemaining(), "an empty write");
        if (left) {
            return CompletableFuture.failedFuture(new IOException("the caller has left"));
        }
        if (stalled) {
            pending = data;
            pendingWrite = new CompletableFuture<>();
            return pendingWrite;
        }
        store(data);
        return CompletableFuture.completedFuture(null);
    }

    private void store(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        written.writeBytes(bytes);
        writes.add(bytes.length);
    }

    @Override
    public synchronized CompletionStage<Void> end() {
        check(status != 0, "an end without a head");
        check(pendingWrite == null, "an end before the last write was taken");
        check(!ended, "a second end");
        ended = true;
        return left
                ? CompletableFuture.failedFuture(new IOException("the caller has left"))
                : CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized void abort() {
        aborted = true;
    }

    @Override
    public synchronized void onGone(Consumer<Throwable> listener) {
        goneListener = listener;
    }

    @Override
    public void attribute(String name, Object value) {
        attributes.put(name, value);
    }

    private void check(boolean allowed, String what) {
        if (!allowed && fault.isEmpty()) {
            fault = what;
        }
    }
}
