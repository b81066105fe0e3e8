package dev.tollgate.servlet;

import dev.tollgate.ErrorCode;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a request says before its body, copied while the container still owns it: a container recycles its request objects
 * into another caller's, and the gateway may look at a header later than that.
 *
 * @param contentLength what {@code content-length} says, or -1
 * @param session the id of the valid session that the request is part of, or null
 */
record RequestHead(
        String method,
        Map<String, List<String>> headers,
        String remoteAddress,
        long contentLength,
        boolean hasBody,
        boolean isHttp1,
        @Nullable String session) {

    static RequestHead of(HttpServletRequest request) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name, List.copyOf(Collections.list(request.getHeaders(name))));
        }
        long length = request.getContentLengthLong();
        return new RequestHead(
                request.getMethod(),
                headers,
                request.getRemoteAddr(),
                length,
                length > 0 || (length < 0 && mayHaveBody(request, headers)),
                isHttp1(request),
                session(request));
    }

    /** One that the caller has made up is none. None is begun for its sake. */
    private static @Nullable String session(HttpServletRequest request) {
        String id = request.getRequestedSessionId();
        return id != null && request.isRequestedSessionIdValid() ? id : null;
    }

    List<String> values(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /** Two framings of one body: what one reader takes for the next request is this one's body to another (RFC 9112 §6.1). */
    boolean hasTwoFramings() {
        return headers.containsKey("transfer-encoding") && headers.containsKey("content-length");
    }

    static Refusal twoFramings() {
        return new Refusal(
                ErrorCode.CALLER_BAD_REQUEST, "content-length and transfer-encoding must not be sent together");
    }

    private static boolean mayHaveBody(HttpServletRequest request, Map<String, List<String>> headers) {
        return headers.containsKey("transfer-encoding") || !isHttp1(request);
    }

    private static boolean isHttp1(HttpServletRequest request) {
        return request.getProtocol().startsWith("HTTP/1");
    }

    /** The headers of an answer that the protocol of the request has. */
    List<Header> answerHeaders(List<Header> headers) {
        return isHttp1
                ? headers
                : headers.stream()
                        .filter(header -> !header.name().equalsIgnoreCase("connection"))
                        .toList();
    }
}
