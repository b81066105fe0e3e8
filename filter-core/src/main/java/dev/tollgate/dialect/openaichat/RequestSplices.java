package dev.tollgate.dialect.openaichat;

import dev.tollgate.dialect.Seal;
import dev.tollgate.dialect.Splices;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Quirks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The values that a passed-through OpenAI chat request must have for a provider. */
final class RequestSplices {
    private static final String MAX_TOKENS = "max_tokens";
    private static final String MAX_COMPLETION_TOKENS = "max_completion_tokens";
    private static final String STREAM_OPTIONS = "stream_options";
    private static final String INCLUDE_USAGE = "include_usage";

    private RequestSplices() {}

    static Splices of(JsonDocument body, Quirks quirks, boolean stream) {
        Map<String, @Nullable JsonNode> members = new LinkedHashMap<>();
        nameLimit(body, quirks, members);
        boolean asksForUsage = stream && quirks.streamUsage() && askForUsage(body, members);
        boolean strips = Seal.mayBeIn(body.bytes()) && takeSealsOut(body, members);
        return new Splices(members, asksForUsage, strips ? List.of("messages[]." + Carriers.DETAILS) : List.of());
    }

    /** Takes out what other dialects' makers want back of earlier turns, which is no business of a provider of this one. */
    private static boolean takeSealsOut(JsonDocument body, Map<String, @Nullable JsonNode> members) {
        JsonNode given = body.member("messages").orElse(null);
        if (!(given instanceof ArrayNode)) {
            return false;
        }
        ArrayNode left = (ArrayNode) given.deepCopy();
        left.forEach(RequestSplices::takeSealsOut);
        if (left.equals(given)) {
            return false;
        }
        members.put("messages", left);
        return true;
    }

    private static void takeSealsOut(JsonNode message) {
        if (message instanceof ObjectNode object && Carriers.areSealed(object.get(Carriers.DETAILS))) {
            object.remove(Carriers.DETAILS);
        }
        for (JsonNode call : message.path("tool_calls")) {
            if (call instanceof ObjectNode object && Carriers.isSealed(object.path(Carriers.EXTRA_CONTENT))) {
                object.remove(Carriers.EXTRA_CONTENT);
            }
        }
    }

    /** A provider that wants the old name does not know the new one; one that wants the new name knows both. */
    private static void nameLimit(JsonDocument body, Quirks quirks, Map<String, @Nullable JsonNode> members) {
        Optional<JsonNode> limit = body.member(MAX_COMPLETION_TOKENS);
        if (limit.isPresent() && quirks.maxTokensField().equals(MAX_TOKENS) && !body.has(MAX_TOKENS)) {
            members.put(MAX_COMPLETION_TOKENS, null);
            members.put(MAX_TOKENS, limit.get());
        }
    }

    /** Asks for usage where the caller does not; true if so. Options that are no object are left for the provider to refuse. */
    private static boolean askForUsage(JsonDocument body, Map<String, @Nullable JsonNode> members) {
        Optional<JsonNode> options = body.member(STREAM_OPTIONS).filter(node -> !node.isNull());
        if (options.isPresent() && !options.get().isObject()) {
            return false;
        }
        if (options.isPresent() && options.get().path(INCLUDE_USAGE).asBoolean(false)) {
            return false;
        }
        ObjectNode asked = JsonNodeFactory.instance.objectNode();
        options.ifPresent(node -> asked.setAll((ObjectNode) node));
        members.put(STREAM_OPTIONS, asked.put(INCLUDE_USAGE, true));
        return true;
    }
}
