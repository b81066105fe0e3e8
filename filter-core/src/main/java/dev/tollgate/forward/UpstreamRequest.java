package dev.tollgate.forward;

import dev.tollgate.Header;
import dev.tollgate.provider.Provider;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * One request to a provider.
 *
 * @param provider whom it goes to; connections are pooled per address
 * @param method the HTTP method
 * @param uri the absolute address
 * @param headers all headers but framing, which the client adds
 * @param body what it carries
 * @param connectTimeout how long a connection may take to be made
 */
public record UpstreamRequest(
        Provider provider, String method, URI uri, List<Header> headers, UpstreamBody body, Duration connectTimeout) {
    public UpstreamRequest {
        headers = List.copyOf(headers);
    }

    /** A POST whose body is there. */
    public static UpstreamRequest post(
            Provider provider, URI uri, List<Header> headers, byte[] body, Duration connectTimeout) {
        return new UpstreamRequest(provider, "POST", uri, headers, new UpstreamBody.Whole(body), connectTimeout);
    }
}
