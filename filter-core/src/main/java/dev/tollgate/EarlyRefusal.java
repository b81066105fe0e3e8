package dev.tollgate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answer to a request that is refused before its dialect is known. Its body is the union of the two common error
 * shapes, so that every SDK finds its own: {@code error.message} and {@code error.code} as OpenAI's, {@code type} and
 * {@code error.type} as Anthropic's.
 */
public final class EarlyRefusal {
    private EarlyRefusal() {}

    /** Answers the exchange with the refusal and ends it, once the caller has sent the body that nobody wants. */
    public static CompletionStage<Void> answer(Exchange exchange, Refusal refusal) {
        return exchange.readBody(0).handle((body, tooLarge) -> refusal).thenCompose(told -> write(exchange, told));
    }

    private static CompletionStage<Void> write(Exchange exchange, Refusal refusal) {
        byte[] body = body(refusal).getBytes(StandardCharsets.UTF_8);
        exchange.head(refusal.status(), headers(refusal, body.length));
        return exchange.write(ByteBuffer.wrap(body)).thenCompose(written -> exchange.end());
    }

    /** The error body, as JSON. */
    static String body(Refusal refusal) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("message", refusal.message());
        error.put("type", refusal.status() < 500 ? "invalid_request_error" : "api_error");
        error.putNull("param");
        error.put("code", refusal.code().shortCode());
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("type", "error");
        body.set("error", error);
        return body.toString();
    }

    private static List<Header> headers(Refusal refusal, int length) {
        return List.of(
                new Header("content-type", "application/json"),
                new Header("content-length", Integer.toString(length)),
                new Header("cache-control", "no-store"),
                new Header("x-should-retry", "false"),
                new Header("x-tollgate-error", refusal.code().id()));
    }
}
