package dev.tollgate.forward;

import dev.tollgate.Header;
import dev.tollgate.provider.Provider;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * One request to a provider; always a POST.
 *
 * @param provider whom it goes to; connections are pooled per address
 * @param uri the absolute address
 * @param headers all headers but framing, which the client adds
 * @param body the whole body
 * @param connectTimeout how long a connection may take to be made
 */
public record UpstreamRequest(Provider provider, URI uri, List<Header> headers, byte[] body, Duration connectTimeout) {
    public UpstreamRequest {
        headers = List.copyOf(headers);
    }
}
