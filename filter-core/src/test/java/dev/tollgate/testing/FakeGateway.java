package dev.tollgate.testing;

import dev.tollgate.Exchange;
import dev.tollgate.ExchangeHandler;
import dev.tollgate.Header;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Stands where a gateway would: serves what begins with {@code /v1/} and answers as the test says. */
public final class FakeGateway implements ExchangeHandler {
    private final List<Exchange> seen = new CopyOnWriteArrayList<>();
    private volatile Consumer<Exchange> behaviour = exchange -> answer(exchange, 200, "ok");
    private volatile boolean closed;

    /** What to do with every exchange from now on. */
    public FakeGateway doing(Consumer<Exchange> newBehaviour) {
        behaviour = newBehaviour;
        return this;
    }

    /** The exchanges that came, in order. */
    public List<Exchange> seen() {
        return List.copyOf(seen);
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean serves(String method, String mappedPath) {
        return mappedPath.startsWith("/v1/");
    }

    @Override
    public void handle(Exchange exchange) {
        seen.add(exchange);
        behaviour.accept(exchange);
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Answers with a text of known length. */
    public static CompletionStage<Void> answer(Exchange exchange, int status, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("content-type", "text/plain"));
        headers.add(new Header("content-length", Integer.toString(body.length)));
        exchange.head(status, headers);
        return exchange.write(ByteBuffer.wrap(body)).thenCompose(written -> exchange.end());
    }

    /** Begins a stream of events. */
    public static void beginStream(Exchange exchange) {
        exchange.head(200, List.of(new Header("content-type", "text/event-stream")));
    }

    /** Writes one event. */
    public static CompletionStage<Void> event(Exchange exchange, String text) {
        return exchange.write(ByteBuffer.wrap(("data: " + text + "\n\n").getBytes(StandardCharsets.UTF_8)));
    }
}
