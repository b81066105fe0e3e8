package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.TokenChance;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The {@code logprobs} of an answer. Those in a form of one provider's own stay as they are. */
final class Chances {
    static final String MEMBER = "logprobs";

    private static final String TOP = "top_logprobs";
    private static final Set<String> KNOWN = Set.of("token", "logprob", "bytes", TOP);

    private Chances() {}

    /** Chances read from the member; null where it is none or says more than they can hold. */
    static @Nullable List<TokenChance> read(@Nullable JsonNode logprobs) {
        if (logprobs == null || !(logprobs.path("content") instanceof ArrayNode content) || content.isEmpty()) {
            return null;
        }
        for (String name : logprobs.propertyNames()) {
            if (!name.equals("content") && ChunkReader.says(logprobs.path(name))) {
                return null;
            }
        }
        return list(content);
    }

    private static @Nullable List<TokenChance> list(JsonNode entries) {
        List<TokenChance> chances = new ArrayList<>();
        for (JsonNode entry : entries) {
            List<TokenChance> top = entry.path(TOP).isArray() ? list(entry.path(TOP)) : List.of();
            if (top == null || !isKnown(entry)) {
                return null;
            }
            JsonNode bytes = entry.path("bytes").isArray() ? entry.path("bytes") : null;
            chances.add(new TokenChance(entry.path("token").stringValue(), entry.path("logprob"), bytes, top));
        }
        return chances;
    }

    private static boolean isKnown(JsonNode entry) {
        return KNOWN.containsAll(entry.propertyNames())
                && entry.path("token").isString()
                && entry.path("logprob").isNumber();
    }

    static ObjectNode write(List<TokenChance> chances) {
        ObjectNode logprobs = JsonNodeFactory.instance.objectNode();
        ArrayNode content = logprobs.putArray("content");
        chances.forEach(chance -> {
            ObjectNode entry = entry(chance);
            ArrayNode top = entry.putArray(TOP);
            chance.top().forEach(other -> top.add(entry(other)));
            content.add(entry);
        });
        return logprobs.putNull("refusal");
    }

    private static ObjectNode entry(TokenChance chance) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode().put("token", chance.token());
        entry.set("logprob", chance.logprob());
        entry.set("bytes", chance.bytes() == null ? entry.nullNode() : chance.bytes());
        return entry;
    }
}
