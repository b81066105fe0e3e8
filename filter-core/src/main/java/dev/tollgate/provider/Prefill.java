package dev.tollgate.provider;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Which models of a provider go on with an answer that has been begun for them: a conversation whose last message is the
 * assistant's.
 *
 * @param models patterns of their names; none where no model is known to
 * @param sets members that the body must have for it
 */
public record Prefill(List<String> models, Map<String, JsonNode> sets) {
    /** No model is known to. */
    public static final Prefill NONE = new Prefill(List.of(), Map.of());

    public Prefill {
        models = List.copyOf(models);
        sets = new LinkedHashMap<>(sets);
    }

    /** Whether this model goes on. */
    public boolean serves(String model) {
        return models.stream().anyMatch(pattern -> Way.matches(pattern, 0, model));
    }
}
