package dev.tollgate.servlet;

import dev.tollgate.Header;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Status and headers of an answer, and its framing, on which depends whether the answer can be broken off so that its caller
 * sees it. Used by whoever may touch the response.
 */
final class AnswerHead {
    private final HttpServletResponse response;
    private final boolean answersHead;
    private int status = HttpServletResponse.SC_OK;
    private List<Header> headers = List.of();
    private boolean begun;
    private boolean lengthDeclared;
    private long declaredLength;
    private volatile boolean brokenOff;

    /**
     * @param answersHead whether the request is a HEAD, whose answer declares the length of a body that it does not have
     */
    AnswerHead(HttpServletResponse response, boolean answersHead) {
        this.response = response;
        this.answersHead = answersHead;
    }

    void set(int answerStatus, List<Header> answerHeaders) {
        status = answerStatus;
        headers = List.copyOf(answerHeaders);
    }

    /** Gives status and headers to the container, before the first byte; does nothing the second time. */
    void begin(int firstBytes) {
        if (begun) {
            return;
        }
        begun = true;
        response.setStatus(status);
        for (Header header : headers) {
            if (!header.name().equalsIgnoreCase("content-length")) {
                response.addHeader(header.name(), header.value());
            } else if (answersHead || length(header) == firstBytes) {
                declareLength(length(header));
            }
        }
        if (!lengthDeclared) {
            promiseTrailers();
        }
    }

    private static long length(Header header) {
        return Long.parseLong(header.value().trim());
    }

    /**
     * The length is declared only if the first write is the whole body: Tomcat leaves a connection open whose declared
     * length was not reached, and its client waits forever, whereas an answer in chunks can be broken off.
     */
    private void declareLength(long length) {
        lengthDeclared = true;
        declaredLength = length;
        response.setContentLengthLong(length);
    }

    boolean isLengthDeclared() {
        return lengthDeclared;
    }

    /** Whether so many bytes are all that was declared. */
    boolean isWhole(long written) {
        return lengthDeclared && written == declaredLength;
    }

    /**
     * No trailers are ever sent. But the container asks for them just before it writes the last chunk, which is the one
     * point in the Servlet API where an answer that has begun can be kept from ending properly: by throwing.
     */
    private void promiseTrailers() {
        try {
            response.setTrailerFields(this::noTrailers);
        } catch (IllegalStateException e) {
            // HTTP/1.0 has no chunks: there the end of the connection is the only end there is.
        }
    }

    private @Nullable Map<String, String> noTrailers() {
        if (brokenOff) {
            throw AnswerHead.<RuntimeException>unchecked(new BrokenOff());
        }
        return null;
    }

    /** An I/O exception is what a container expects of a broken connection; any other would be logged with its stack. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> E unchecked(IOException e) throws E {
        throw (E) e;
    }

    /** Makes the answer end improperly when it is completed next; one that has not begun becomes a server error. */
    void breakOff() {
        brokenOff = true;
        if (!response.isCommitted()) {
            response.reset();
            response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            response.setContentLengthLong(0);
        }
    }
}
