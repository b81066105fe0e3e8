package dev.tollgate.dialect;

import dev.tollgate.json.JsonDocument;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Anthropic's beta features where a platform wants them in the body: Bedrock refuses the whole call for one that it does not
 * know, so only those that its row names are asked for.
 */
public final class BetaFeatures {
    /** The header that callers ask for them in. */
    public static final String HEADER = "anthropic-beta";

    private static final String MEMBER = "anthropic_beta";

    private BetaFeatures() {}

    /** Says in the body what the header said, and notes what cannot be asked for. */
    static void tell(
            Passage passage, JsonDocument body, Map<String, @Nullable JsonNode> members, List<String> dropped) {
        Set<String> known = passage.way().betas();
        if (known == null) {
            return;
        }
        ArrayNode told = JsonNodeFactory.instance.arrayNode();
        for (String beta : asked(passage, body)) {
            if (known.contains(beta)) {
                told.add(beta);
            } else {
                dropped.add(HEADER + '.' + beta);
            }
        }
        if (!told.isEmpty()) {
            members.put(MEMBER, told);
        } else if (body.has(MEMBER)) {
            members.put(MEMBER, null);
        }
    }

    private static Set<String> asked(Passage passage, JsonDocument body) {
        Set<String> asked = new LinkedHashSet<>();
        for (String header : passage.betas()) {
            for (String beta : header.split(",", -1)) {
                if (!beta.isBlank()) {
                    asked.add(beta.strip());
                }
            }
        }
        body.member(MEMBER).ifPresent(said -> said.forEach(beta -> asked.add(beta.asString(""))));
        return asked;
    }
}
