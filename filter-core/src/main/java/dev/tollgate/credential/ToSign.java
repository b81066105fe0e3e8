package dev.tollgate.credential;

import dev.tollgate.Header;
import java.net.URI;
import java.util.List;

/**
 * A request as far as signatures are made over it.
 *
 * @param headers all its headers but the Host, which follows from the address, and those that frame its body
 */
public record ToSign(String method, URI uri, List<Header> headers, byte[] body) {
    public ToSign {
        headers = List.copyOf(headers);
    }
}
