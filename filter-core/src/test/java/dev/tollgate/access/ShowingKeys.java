package dev.tollgate.access;

import dev.tollgate.BodySource;
import dev.tollgate.Exchange;
import dev.tollgate.Header;
import dev.tollgate.RequestTarget;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** An exchange of which only the request's head matters: what it shows, and where. */
final class ShowingKeys implements Exchange {
    private final List<Header> headers = new ArrayList<>();
    private String query = "";

    static ShowingKeys nothing() {
        return new ShowingKeys();
    }

    ShowingKeys header(String name, String value) {
        headers.add(new Header(name, value));
        return this;
    }

    ShowingKeys query(String text) {
        query = text;
        return this;
    }

    @Override
    public List<String> headers(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
    }

    @Override
    public RequestTarget target() {
        return new RequestTarget("/v1/chat/completions", query);
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String remoteAddress() {
        return "192.0.2.1";
    }

    @Override
    public CompletionStage<byte[]> readBody(long maxBytes) {
        throw new AssertionError("authentication reads no body");
    }

    @Override
    public BodySource body(long maxBytes) {
        throw new AssertionError("authentication reads no body");
    }

    @Override
    public void head(int status, List<Header> answerHeaders) {
        throw new AssertionError("authentication answers nothing");
    }

    @Override
    public CompletionStage<Void> write(ByteBuffer data) {
        throw new AssertionError("authentication answers nothing");
    }

    @Override
    public CompletionStage<Void> end() {
        throw new AssertionError("authentication answers nothing");
    }

    @Override
    public void abort() {
        throw new AssertionError("authentication answers nothing");
    }

    @Override
    public void onGone(Consumer<Throwable> listener) {}

    @Override
    public void attribute(String name, Object value) {}
}
