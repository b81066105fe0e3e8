package dev.tollgate;

import java.util.Optional;

/**
 * What a request asks for: the path inside the application and the query.
 *
 * @param path the decoded path the container maps by, beginning with a slash, without the context path
 * @param query the raw query without its question mark, or an empty string
 */
public record RequestTarget(String path, String query) {

    /**
     * Takes a raw request path that must already be canonical: what it says is what the container maps.
     *
     * @param rawPath the path as on the request line, without the context path
     * @param mappedPath the path the container has mapped (decoded)
     * @throws Refusal {@link ErrorCode#CALLER_BAD_REQUEST} when a second spelling of a path is used: an encoded
     *     unreserved character or slash, a path parameter, an empty or a dot segment, a backslash or a control character
     */
    public static RequestTarget of(String rawPath, String mappedPath, String query) {
        if (!CanonicalPath.accepts(rawPath, mappedPath)) {
            throw new Refusal(
                    ErrorCode.CALLER_BAD_REQUEST,
                    "the request path is not canonical; send it without encoded letters, ';', '//' or dot segments");
        }
        return new RequestTarget(mappedPath, query);
    }

    /** The first value of a query parameter, undecoded; empty when absent. */
    public Optional<String> parameter(String name) {
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (key.equals(name)) {
                return Optional.of(equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        return Optional.empty();
    }
}
