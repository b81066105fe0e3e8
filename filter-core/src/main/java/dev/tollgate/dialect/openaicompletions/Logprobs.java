package dev.tollgate.dialect.openaicompletions;

import dev.tollgate.chat.TokenChance;
import dev.tollgate.dialect.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The {@code logprobs} of a completion: lists beside one another, one entry per token. */
final class Logprobs {
    private Logprobs() {}

    /** The chances of a choice's tokens; where the tokens stand in the text is left over. */
    static List<TokenChance> read(Fields choice) {
        Fields logprobs = choice.peek("logprobs") == null ? null : choice.object("logprobs");
        if (logprobs == null) {
            choice.take("logprobs");
            return List.of();
        }
        List<JsonNode> tokens = logprobs.list("tokens");
        List<JsonNode> chances = logprobs.list("token_logprobs");
        List<JsonNode> tops = logprobs.list("top_logprobs");
        List<TokenChance> read = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            JsonNode chance = i < chances.size() ? chances.get(i) : JsonNodeFactory.instance.nullNode();
            List<TokenChance> top = i < tops.size() ? top(tops.get(i)) : List.of();
            read.add(new TokenChance(tokens.get(i).asString(""), chance, null, top));
        }
        return read;
    }

    private static List<TokenChance> top(JsonNode chances) {
        List<TokenChance> top = new ArrayList<>();
        chances.properties().forEach(each -> top.add(new TokenChance(each.getKey(), each.getValue(), null, List.of())));
        return top;
    }

    /** The member of a choice; null where there are no chances. */
    static @Nullable ObjectNode write(List<TokenChance> chances) {
        if (chances.isEmpty()) {
            return null;
        }
        ObjectNode logprobs = JsonNodeFactory.instance.objectNode();
        ArrayNode tokens = logprobs.putArray("tokens");
        ArrayNode own = logprobs.putArray("token_logprobs");
        ArrayNode tops = logprobs.putArray("top_logprobs");
        for (TokenChance chance : chances) {
            tokens.add(chance.token());
            own.add(chance.logprob());
            ObjectNode top = tops.addObject();
            chance.top().forEach(each -> top.set(each.token(), each.logprob()));
        }
        return logprobs;
    }
}
