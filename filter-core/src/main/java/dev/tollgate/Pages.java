package dev.tollgate;

import dev.tollgate.access.Caller;
import dev.tollgate.config.Settings.Metrics;
import dev.tollgate.meter.PrometheusSink;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.ObjectNode;

/** The gateway's own documents: the models a caller may use, health, metrics, usage, and what would become of a call. */
final class Pages {
    private static final String JSON = "application/json";

    private final PrometheusSink metrics;
    private final UsagePage usage;
    private final ExplainPage explain;
    private final BooleanSupplier ready;

    /** @param ready whether new calls are accepted */
    Pages(PrometheusSink metrics, UsagePage usage, ExplainPage explain, BooleanSupplier ready) {
        this.metrics = metrics;
        this.usage = usage;
        this.explain = explain;
        this.ready = ready;
    }

    /**
     * How much of the body of a request is to be read, in bytes.
     *
     * @throws Refusal when the caller may not be answered anyway
     */
    long bodyBytes(Exchange exchange, Endpoint endpoint, Setup setup) {
        if (endpoint.kind() != Endpoint.Kind.EXPLAIN) {
            return 0;
        }
        explain.admit(exchange, setup);
        return setup.settings().server().maxBodyBytes();
    }

    /**
     * Answers anything but a chat call.
     *
     * @param body the request's body, where it was read
     * @throws Refusal when the caller may not see it, or there is nothing to see
     */
    CompletionStage<Void> answer(Exchange exchange, Endpoint endpoint, Setup setup, byte[] body) {
        return switch (endpoint.kind()) {
            case MODELS -> models(exchange, endpoint, setup);
            case MODEL -> model(exchange, endpoint, setup);
            case METRICS -> metrics(exchange, setup);
            case USAGE -> usage.answer(exchange, setup);
            case EXPLAIN -> explain.answer(exchange, setup, body);
            case READY -> health(exchange, ready.getAsBoolean());
            case LIVE -> health(exchange, true);
            case HELLO -> Answers.send(exchange, 200, JSON, new byte[0]);
            case WRONG_METHOD ->
                throw new Refusal(
                        ErrorCode.CALLER_METHOD_NOT_ALLOWED, "this path does not take the method of the request");
            case CALL, NOTHING ->
                throw new Refusal(ErrorCode.CALLER_NOT_FOUND, "the gateway serves nothing at this path");
        };
    }

    private CompletionStage<Void> models(Exchange exchange, Endpoint endpoint, Setup setup) {
        Caller caller = setup.authenticator().identify(exchange);
        return json(exchange, endpoint.dialect().writeModels(setup.router().models(caller)));
    }

    private CompletionStage<Void> model(Exchange exchange, Endpoint endpoint, Setup setup) {
        Caller caller = setup.authenticator().identify(exchange);
        String name = String.valueOf(endpoint.argument());
        setup.router().plan(name, caller);
        return json(exchange, endpoint.dialect().writeModel(name));
    }

    private CompletionStage<Void> metrics(Exchange exchange, Setup setup) {
        Metrics page = setup.settings().server().metrics();
        if (page == null || !page.open()) {
            setup.authenticator().identify(exchange);
        }
        PrometheusSink.Page text = metrics.scrape(exchange.header("accept").orElse(""));
        return Answers.send(exchange, 200, text.contentType(), text.body());
    }

    static CompletionStage<Void> health(Exchange exchange, boolean well) {
        byte[] body = (well ? "{\"status\":\"up\"}" : "{\"status\":\"draining\"}").getBytes(StandardCharsets.UTF_8);
        return Answers.send(exchange, well ? 200 : 503, JSON, body);
    }

    private static CompletionStage<Void> json(Exchange exchange, ObjectNode document) {
        return Answers.send(exchange, 200, JSON, document.toString().getBytes(StandardCharsets.UTF_8));
    }
}
