package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.TokenChance;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The {@code logprobsResult} object: the tokens chosen in one list, the likeliest at each place in another. */
final class LogProbs {
    static final String MEMBER = "logprobsResult";
    private static final String CHOSEN = "chosenCandidates";
    private static final String TOP = "topCandidates";
    private static final String LOG = "logProbability";

    private LogProbs() {}

    static List<TokenChance> read(@Nullable JsonNode result) {
        List<TokenChance> chances = new ArrayList<>();
        int place = 0;
        if (result == null) {
            return chances;
        }
        for (JsonNode chosen : result.path(CHOSEN)) {
            List<TokenChance> top = new ArrayList<>();
            for (JsonNode each : result.path(TOP).path(place++).path("candidates")) {
                top.add(chance(each, List.of()));
            }
            chances.add(chance(chosen, top));
        }
        return chances;
    }

    private static TokenChance chance(JsonNode candidate, List<TokenChance> top) {
        return new TokenChance(candidate.path("token").asString(""), candidate.path(LOG), null, top);
    }

    static void write(List<TokenChance> chances, ObjectNode candidate) {
        if (chances.isEmpty() || candidate.has(MEMBER)) {
            return;
        }
        ObjectNode result = candidate.putObject(MEMBER);
        ArrayNode chosen = result.putArray(CHOSEN);
        chances.forEach(chance -> chosen.add(candidate(chance)));
        if (chances.stream().anyMatch(chance -> !chance.top().isEmpty())) {
            ArrayNode top = result.putArray(TOP);
            for (TokenChance chance : chances) {
                ArrayNode candidates = top.addObject().putArray("candidates");
                chance.top().forEach(each -> candidates.add(candidate(each)));
            }
        }
    }

    private static ObjectNode candidate(TokenChance chance) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("token", chance.token());
        node.set(LOG, chance.logprob());
        return node;
    }
}
