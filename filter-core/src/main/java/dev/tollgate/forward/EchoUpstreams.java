package dev.tollgate.forward;

import dev.tollgate.Refusal;
import dev.tollgate.json.Json;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The built-in provider that needs no key and no network: it answers OpenAI chat requests with the last thing said to it, calls
 * tools, follows a JSON schema, streams, and reports usage, the same for the same request.
 */
public final class EchoUpstreams implements Upstreams {
    private final Executor executor;
    private final InstantSource clock;

    /** @param executor runs what listeners are told */
    public EchoUpstreams(Executor executor, InstantSource clock) {
        this.executor = executor;
        this.clock = clock;
    }

    @Override
    public Flight send(UpstreamRequest request, UpstreamListener listener) {
        EchoFlight flight = new EchoFlight(executor, listener, () -> answer(request.body()));
        flight.work();
        return flight;
    }

    private EchoFlight.Content answer(UpstreamBody body) {
        return body instanceof UpstreamBody.Whole whole
                ? answer(whole.bytes())
                : refused(Refusal.badField("messages", "the echo provider only chats"));
    }

    private EchoFlight.Content answer(byte[] body) {
        try {
            JsonNode request = Json.read(body);
            EchoAnswer answer = EchoModel.answer(request, body);
            EchoWire wire = new EchoWire(answer, clock.instant().getEpochSecond());
            if (request.path("stream").asBoolean(false)) {
                boolean withUsage =
                        request.path("stream_options").path("include_usage").asBoolean(false);
                return new EchoFlight.Content(
                        200, "text/event-stream; charset=utf-8", new EchoStream(answer, wire, withUsage));
            }
            return new EchoFlight.Content(200, "application/json", once(wire.whole()));
        } catch (Refusal refusal) {
            return refused(refusal);
        } catch (JacksonException e) {
            return refused(Refusal.badField("messages", "the body is not JSON, or a value has the wrong type"));
        }
    }

    private static EchoFlight.Content refused(Refusal refusal) {
        return new EchoFlight.Content(400, "application/json", once(EchoWire.error(refusal)));
    }

    private static Iterator<byte[]> once(byte[] body) {
        return List.of(body).iterator();
    }

    @Override
    public void close() {
        // The executor is its owner's to close.
    }
}
