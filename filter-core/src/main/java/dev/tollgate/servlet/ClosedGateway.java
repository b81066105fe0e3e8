package dev.tollgate.servlet;

import dev.tollgate.EarlyRefusal;
import dev.tollgate.ErrorCode;
import dev.tollgate.Exchange;
import dev.tollgate.ExchangeHandler;
import dev.tollgate.Refusal;
import java.util.List;

/**
 * What stands in for a gateway whose configuration is broken: every path that a gateway serves is answered with 503, so that
 * no call falls through to the application, and the application itself runs.
 */
public final class ClosedGateway implements ExchangeHandler {
    /** The paths served whatever the configuration says; those it adds (the metrics path) are the application's meanwhile. */
    private static final List<String> PATHS = List.of(
            "/v1/chat/completions",
            "/v1/messages",
            "/v1/models",
            "/openai/v1/chat/completions",
            "/openai/v1/models",
            "/anthropic/v1/messages",
            "/anthropic/v1/models",
            "/tollgate");

    @Override
    public boolean serves(String mappedPath) {
        return PATHS.stream().anyMatch(path -> mappedPath.equals(path) || mappedPath.startsWith(path + "/"));
    }

    @Override
    public void handle(Exchange exchange) {
        EarlyRefusal.answer(
                exchange,
                new Refusal(
                        ErrorCode.GATEWAY_NOT_CONFIGURED,
                        "the gateway has no valid configuration; its problems are listed in the server's log"));
    }

    @Override
    public void close() {
        // holds nothing
    }
}
