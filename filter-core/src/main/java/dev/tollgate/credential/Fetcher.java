package dev.tollgate.credential;

import dev.tollgate.Header;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Asks services that give out tokens. */
public interface Fetcher extends AutoCloseable {

    /** One small request; an empty body is none. */
    record Request(String method, URI uri, List<Header> headers, byte[] body) {
        public Request {
            headers = List.copyOf(headers);
        }

        static Request get(URI uri, Header... headers) {
            return new Request("GET", uri, List.of(headers), new byte[0]);
        }
    }

    /** One small answer. */
    record Answer(int status, byte[] body) {}

    /** Sends a request; fails with an {@link java.io.IOException} when there is no whole answer within a few seconds. */
    CompletionStage<Answer> fetch(Request request);

    @Override
    void close();
}
