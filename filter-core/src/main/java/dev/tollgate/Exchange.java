package dev.tollgate;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * One HTTP call as the gateway sees it: server-neutral and non-blocking. The servlet edge, the Tomcat valve and the Jetty
 * handler each adapt their container's request and response to it.
 *
 * <p>An exchange is fenced: once the container has said that the exchange is complete, failed or timed out, no method
 * touches the container's objects again, and every pending or later {@link #write} fails. The methods that answer may be
 * called from any thread, but never two at a time.
 */
public interface Exchange {

    /** The request method, as sent. */
    String method();

    /** The path inside this application and the query; computed once, used by every decision about this call. */
    RequestTarget target();

    /** All values of a request header, in order; empty when absent. */
    List<String> headers(String name);

    /** The first value of a request header. */
    default Optional<String> header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /** The id of the container's session that the request is part of; empty where there is none, or it is not valid. */
    default Optional<String> sessionId() {
        return Optional.empty();
    }

    /** The peer's IP address, without port. */
    String remoteAddress();

    /**
     * Reads the whole request body, once.
     *
     * @param maxBytes the largest body to keep. When it is larger the rest is read and thrown away, within a bound of the
     *     adapter's own, so that the caller gets to read the answer
     * @return the body; or fails with a {@link Refusal} ({@link ErrorCode#CALLER_TOO_LARGE}, {@link
     *     ErrorCode#CALLER_BAD_REQUEST} when it is cut short, {@link ErrorCode#CALLER_TIMEOUT} when it comes too slowly)
     */
    CompletionStage<byte[]> readBody(long maxBytes);

    /**
     * Opens the request body to be read in pieces, once, in the place of {@link #readBody}. Nothing is read before it is asked
     * for.
     *
     * @param maxBytes the largest body to hand on
     */
    BodySource body(long maxBytes);

    /**
     * Sets status and headers of the answer; they leave with the first {@link #write} or with {@link #end}. Called once. The
     * header {@code connection} is left out where the protocol has none (HTTP/2).
     */
    void head(int status, List<Header> headers);

    /**
     * Writes and flushes bytes of the answer.
     *
     * @param data the bytes; not touched by the caller again before the stage completes
     * @return completes when the container has taken the bytes and can take more; fails when the client is gone
     */
    CompletionStage<Void> write(ByteBuffer data);

    /** Ends the answer properly. Completes when the container has taken everything. */
    CompletionStage<Void> end();

    /** Breaks the answer off, so that the client sees that it is not whole (its connection closes without a proper end). */
    void abort();

    /** Calls the listener once when the client or the container ends the exchange before {@link #end} did. */
    void onGone(Consumer<Throwable> listener);

    /** Leaves a value for the container's own access log, as request attribute {@code name}. */
    void attribute(String name, Object value);
}
