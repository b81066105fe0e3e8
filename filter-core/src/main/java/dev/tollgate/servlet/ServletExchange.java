package dev.tollgate.servlet;

import dev.tollgate.BodySource;
import dev.tollgate.Exchange;
import dev.tollgate.Header;
import dev.tollgate.RequestTarget;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An exchange over the Servlet API's asynchronous, non-blocking I/O. No thread waits for it: not for its body, not for its
 * upstream and not for a caller that reads slowly.
 */
final class ServletExchange implements Exchange {
    private static final long NEVER_MILLIS = Duration.ofDays(3_650).toMillis();

    private final Fence fence = new Fence();
    private final HttpServletRequest request;
    private final RequestHead head;
    private final RequestTarget target;
    private final AsyncContext async;
    private final BodyReader reader;
    private final AnswerWriter writer;
    private final AtomicBoolean completed = new AtomicBoolean();

    /** Puts the request into asynchronous mode. To be called on the container's thread. */
    ServletExchange(HttpServletRequest request, HttpServletResponse response, RequestTarget target, EdgeClock clock)
            throws IOException {
        this.request = request;
        this.target = target;
        this.head = RequestHead.of(request);
        this.reader = new BodyReader(fence, request, head, clock);
        this.writer = new AnswerWriter(fence, response, head.method().equals("HEAD"));
        this.async = request.startAsync(request, response);
        async.setTimeout(limit(request));
        async.addListener(new ContainerSays());
        writer.listen();
    }

    /**
     * The container's own limit: none, for the gateway has deadlines. But to Tomcat that also means to end, within a second of
     * the application being stopped, what the gateway still lets finish; with a limit that is never reached it does not.
     */
    private static long limit(HttpServletRequest request) {
        String container = request.getServletContext().getServerInfo();
        return container != null && container.startsWith("Apache Tomcat") ? NEVER_MILLIS : 0;
    }

    /** To be called when the container's thread is about to leave the gateway. */
    void containerThreadLeaves() {
        reader.containerThreadLeaves();
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public RequestTarget target() {
        return target;
    }

    @Override
    public List<String> headers(String name) {
        return head.values(name);
    }

    @Override
    public Optional<String> sessionId() {
        return Optional.ofNullable(head.session());
    }

    @Override
    public String remoteAddress() {
        return head.remoteAddress();
    }

    @Override
    public CompletionStage<byte[]> readBody(long maxBytes) {
        return reader.read(maxBytes);
    }

    @Override
    public BodySource body(long maxBytes) {
        return reader.open(maxBytes);
    }

    @Override
    public void head(int status, List<Header> headers) {
        writer.head(status, head.answerHeaders(headers));
    }

    @Override
    public CompletionStage<Void> write(ByteBuffer data) {
        return writer.write(data);
    }

    @Override
    public CompletionStage<Void> end() {
        return writer.finish().thenRun(this::endWhenRead);
    }

    private void endWhenRead() {
        if (writer.isWhole()) {
            reader.lingerThen(this::endNow);
        } else {
            endNow();
        }
    }

    private void endNow() {
        fence.closeAfter(this::complete);
    }

    @Override
    public void abort() {
        boolean closed = fence.closeAfter(() -> {
            try {
                writer.breakOff();
            } finally {
                complete(); // whatever a wrapped response thinks of being reset: nobody would end it after this
            }
        });
        if (closed) {
            IOException cause = new BrokenOff();
            writer.fail(cause);
            reader.fail(cause);
        }
    }

    @Override
    public void onGone(Consumer<Throwable> listener) {
        fence.onGone(listener);
    }

    @Override
    public void attribute(String name, Object value) {
        fence.inside(
                () -> {
                    request.setAttribute(name, value);
                    return true;
                },
                false);
    }

    /** Gives the request and the response back to the container, once. */
    private void complete() {
        if (completed.compareAndSet(false, true)) {
            try {
                async.complete();
            } catch (IllegalStateException e) {
                // The container has already completed it; its own callback is on the way.
            }
        }
    }

    /** What the container says about the exchange; each of these ends it. */
    private final class ContainerSays implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            completed.set(true);
            fence.gone(reason(event, "the container has completed the exchange"));
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            fence.inside(
                    () -> {
                        writer.breakOff(); // else the container would end it as if it were whole
                        return true;
                    },
                    false);
            fence.gone(reason(event, "the container's time limit was reached"));
            complete();
        }

        @Override
        public void onError(AsyncEvent event) {
            fence.gone(reason(event, "the connection failed"));
            complete();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // Only a dispatch starts a second round, and this exchange is never dispatched.
        }

        private Throwable reason(AsyncEvent event, String otherwise) {
            @Nullable Throwable cause = event.getThrowable();
            return cause != null ? cause : new IOException(otherwise);
        }
    }
}
