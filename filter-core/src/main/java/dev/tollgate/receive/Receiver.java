package dev.tollgate.receive;

import dev.tollgate.Call;
import dev.tollgate.Endpoint;
import dev.tollgate.Refusal;
import dev.tollgate.json.JsonDocument;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Reads the caller's body once and finds in it what every step needs: the model and whether to stream. */
public final class Receiver {

    /**
     * Reads the body of a chat call.
     *
     * @return the call, with its body; or fails with a {@link Refusal} naming the field at fault
     */
    public CompletionStage<Call> read(Call call) {
        long cap = call.setup().settings().server().maxBodyBytes();
        call.askedForBody();
        return call.exchange().readBody(cap).thenApply(bytes -> {
            JsonDocument body = JsonDocument.parse(bytes);
            String model = model(call.endpoint(), body);
            call.dialect().shape().check(body);
            Boolean streamed = call.endpoint().streamed();
            return call.received(body, model, streamed == null ? body.isTrue("stream") : streamed);
        });
    }

    private static String model(Endpoint endpoint, JsonDocument body) {
        String inPath = endpoint.argument();
        return (inPath == null ? body.text("model") : Optional.of(inPath))
                .filter(name -> !name.isBlank())
                .orElseThrow(() -> Refusal.badField("model", "'model' must be the name of a model"));
    }
}
