package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.TokenChance;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The {@code logprobs} of a text: how likely its tokens were. */
final class Logprobs {
    private Logprobs() {}

    static List<TokenChance> read(JsonNode logprobs) {
        List<TokenChance> chances = new ArrayList<>();
        for (JsonNode logprob : logprobs) {
            JsonNode bytes = logprob.get("bytes");
            chances.add(new TokenChance(
                    logprob.path("token").asString(""),
                    logprob.path("logprob"),
                    bytes == null || bytes.isNull() ? null : bytes,
                    read(logprob.path("top_logprobs"))));
        }
        return chances;
    }

    static ArrayNode write(List<TokenChance> chances) {
        ArrayNode logprobs = JsonNodeFactory.instance.arrayNode();
        for (TokenChance chance : chances) {
            one(chance, logprobs.addObject()).set("top_logprobs", top(chance.top()));
        }
        return logprobs;
    }

    private static ArrayNode top(List<TokenChance> chances) {
        ArrayNode top = JsonNodeFactory.instance.arrayNode();
        chances.forEach(chance -> one(chance, top.addObject()));
        return top;
    }

    private static ObjectNode one(TokenChance chance, ObjectNode into) {
        into.put("token", chance.token()).set("logprob", chance.logprob());
        if (chance.bytes() != null) {
            into.set("bytes", chance.bytes());
        } else {
            into.putArray("bytes");
        }
        return into;
    }
}
