package dev.tollgate.receive;

import dev.tollgate.Call;
import dev.tollgate.Endpoint;
import dev.tollgate.Refusal;
import dev.tollgate.json.JsonDocument;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.StringNode;

/** Reads the caller's body once and finds in it what every step needs: the model and whether to stream. */
public final class Receiver {

    /**
     * Reads the body of a call.
     *
     * @return the call, with its body; or fails with a {@link Refusal} naming the field at fault
     */
    public CompletionStage<Call> read(Call call) {
        long cap = call.setup().settings().server().maxBodyBytes();
        call.askedForBody();
        return call.exchange().readBody(cap).thenApply(bytes -> {
            Endpoint endpoint = call.endpoint();
            JsonDocument body = JsonDocument.parse(bytes);
            String model = model(endpoint, body);
            endpoint.format().shape().check(body);
            Boolean streamed = endpoint.streamed();
            boolean stream = streamed == null ? body.isTrue("stream") : streamed;
            return call.received(endpoint.format().modelInPath() ? body : whole(endpoint, body), model, stream);
        });
    }

    /** The body with what the path says in place of it, where the format has a place for that in the body. */
    private static JsonDocument whole(Endpoint endpoint, JsonDocument body) {
        Map<String, @Nullable JsonNode> said = new LinkedHashMap<>();
        String model = endpoint.argument();
        if (model != null && !body.text("model").equals(Optional.of(model))) {
            said.put("model", StringNode.valueOf(model));
        }
        Boolean streamed = endpoint.streamed();
        if (streamed != null && streamed != body.isTrue("stream")) {
            said.put("stream", BooleanNode.valueOf(streamed));
        }
        return said.isEmpty() ? body : JsonDocument.parse(body.with(said));
    }

    private static String model(Endpoint endpoint, JsonDocument body) {
        String inPath = endpoint.argument();
        return (inPath == null ? body.text("model") : Optional.of(inPath))
                .filter(name -> !name.isBlank())
                .orElseThrow(() -> Refusal.badField("model", "'model' must be the name of a model"));
    }
}
