package dev.tollgate.jetty;

import dev.tollgate.BodySource;
import dev.tollgate.ErrorCode;
import dev.tollgate.Exchange;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.RequestTarget;
import dev.tollgate.receive.BodyTerms;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * An exchange over Jetty's core. Jetty gives each request objects of its own that refuse to work once it is complete; the
 * fence here keeps the exchange from asking them.
 */
final class JettyExchange implements Exchange {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final RequestTarget target;
    private final String method;
    private final boolean isHttp1;
    private final HttpFields headers;
    private final String remoteAddress;
    private final BodyPump body;

    private final Object lock = new Object();
    private final List<Consumer<Throwable>> goneListeners = new ArrayList<>();
    private boolean over;
    private @Nullable Throwable goneBecause;

    JettyExchange(Request request, Response response, Callback callback, RequestTarget target, BodyTerms terms) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.target = target;
        this.method = request.getMethod();
        this.headers = request.getHeaders();
        this.isHttp1 = request.getConnectionMetaData().getHttpVersion().getVersion() <= 11;
        this.remoteAddress = Request.getRemoteAddr(request);
        this.body = new BodyPump(request, terms);
        request.addFailureListener(this::gone);
        request.addIdleTimeoutListener(timeout -> false); // the gateway has deadlines of its own
    }

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
        return headers.getValuesList(name);
    }

    @Override
    public String remoteAddress() {
        return remoteAddress;
    }

    @Override
    public CompletionStage<byte[]> readBody(long maxBytes) {
        if (isOver()) {
            return overAlready();
        }
        if (hasTwoFramings()) {
            return CompletableFuture.failedFuture(twoFramings());
        }
        return body.read(maxBytes);
    }

    @Override
    public BodySource body(long maxBytes) {
        BodySource pieces = body.open(maxBytes);
        if (hasTwoFramings()) {
            body.fail(twoFramings());
        }
        return pieces;
    }

    private boolean hasTwoFramings() {
        return headers.contains(HttpHeader.TRANSFER_ENCODING) && headers.contains(HttpHeader.CONTENT_LENGTH);
    }

    private static Refusal twoFramings() {
        return new Refusal(
                ErrorCode.CALLER_BAD_REQUEST, "content-length and transfer-encoding must not be sent together");
    }

    @Override
    public void head(int status, List<Header> answerHeaders) {
        if (!isOver() && !response.isCommitted()) {
            response.setStatus(status);
            answerHeaders.stream()
                    .filter(header -> isHttp1 || !header.name().equalsIgnoreCase("connection"))
                    .forEach(header -> response.getHeaders().add(header.name(), header.value()));
        }
    }

    @Override
    public CompletionStage<Void> write(ByteBuffer data) {
        return write(false, data);
    }

    private CompletionStage<Void> write(boolean last, ByteBuffer data) {
        if (isOver()) {
            return overAlready();
        }
        CompletableFuture<Void> taken = new CompletableFuture<>();
        response.write(last, data, Callback.from(() -> taken.complete(null), failure -> {
            gone(failure);
            taken.completeExceptionally(new IOException("the client is gone", failure));
        }));
        return taken;
    }

    @Override
    public CompletionStage<Void> end() {
        return write(true, ByteBuffer.allocate(0)).thenRun(this::succeed);
    }

    private void succeed() {
        if (close(null)) {
            callback.succeeded();
        }
    }

    @Override
    public void abort() {
        IOException cause = new IOException("the answer was broken off");
        if (close(cause)) {
            if (response.isCommitted()) {
                callback.failed(cause);
            } else {
                Response.writeError(request, response, callback, HttpStatus.INTERNAL_SERVER_ERROR_500);
            }
            body.fail(cause);
        }
    }

    /** Closes the fence; returns whether it was open. */
    private boolean close(@Nullable Throwable cause) {
        synchronized (lock) {
            if (over) {
                return false;
            }
            over = true;
            goneBecause = cause;
            return true;
        }
    }

    /** The client or the server has ended the exchange. */
    private void gone(Throwable cause) {
        if (close(cause)) {
            List<Consumer<Throwable>> toTell;
            synchronized (lock) {
                toTell = List.copyOf(goneListeners);
            }
            body.fail(cause);
            callback.failed(cause);
            toTell.forEach(listener -> listener.accept(cause));
        }
    }

    private boolean isOver() {
        synchronized (lock) {
            return over;
        }
    }

    private <T> CompletionStage<T> overAlready() {
        synchronized (lock) {
            return CompletableFuture.failedFuture(new IOException("the exchange is over", goneBecause));
        }
    }

    @Override
    public void onGone(Consumer<Throwable> listener) {
        Throwable already;
        synchronized (lock) {
            goneListeners.add(listener);
            already = over ? goneBecause : null;
        }
        if (already != null) {
            listener.accept(already);
        }
    }

    @Override
    public void attribute(String name, Object value) {
        if (!isOver()) {
            request.setAttribute(name, value);
        }
    }
}
