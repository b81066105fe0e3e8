package dev.tollgate.explain;

import dev.tollgate.BodySource;
import dev.tollgate.Exchange;
import dev.tollgate.Header;
import dev.tollgate.RequestTarget;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The exchange of a call that nobody makes: it can be read and not answered.
 *
 * @param headers by name, in lower case
 * @param remoteAddress where the call would come from
 */
record ImaginedExchange(
        String method, RequestTarget target, Map<String, List<String>> headers, byte[] body, String remoteAddress)
        implements Exchange {

    @Override
    public List<String> headers(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    @Override
    public CompletionStage<byte[]> readBody(long maxBytes) {
        return CompletableFuture.completedFuture(body);
    }

    @Override
    public BodySource body(long maxBytes) {
        throw unanswered();
    }

    @Override
    public void head(int status, List<Header> headers) {
        throw unanswered();
    }

    @Override
    public CompletionStage<Void> write(ByteBuffer data) {
        throw unanswered();
    }

    @Override
    public CompletionStage<Void> end() {
        throw unanswered();
    }

    @Override
    public void abort() {}

    @Override
    public void onGone(Consumer<Throwable> listener) {}

    @Override
    public void attribute(String name, Object value) {}

    private static IllegalStateException unanswered() {
        return new IllegalStateException("a call that is only imagined is neither uploaded nor answered");
    }
}
