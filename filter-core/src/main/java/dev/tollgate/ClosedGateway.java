package dev.tollgate;

import dev.tollgate.config.Settings;
import dev.tollgate.dialect.Dialects;
import java.time.InstantSource;

/**
 * What stands in for a gateway whose configuration is broken: every path that a gateway serves whatever its configuration
 * says is answered with 503, so that no call falls through to the application, and the application itself runs.
 */
public final class ClosedGateway implements ExchangeHandler {
    private final Endpoints endpoints = new Endpoints(new Dialects(InstantSource.system()));

    @Override
    public boolean serves(String method, String mappedPath) {
        return endpoints
                .find(method, new RequestTarget(mappedPath, ""), name -> false, Settings.Server.DEFAULT)
                .isPresent();
    }

    @Override
    public void handle(Exchange exchange) {
        if (exchange.target().path().equals(Endpoints.LIVE)) {
            Pages.health(exchange, true); // the application around it is to go on
            return;
        }
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
