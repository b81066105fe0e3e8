package dev.tollgate.provider;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * One way to ask a provider: an operation, the wire format to ask in, and where.
 *
 * @param operation what is asked for
 * @param dialect the id of the wire format
 * @param path the path below the base URL, from its slash on, query included; with {@code {model}} in the place of the name
 * @param streamPath the same where the answer is to be streamed
 * @param models the models that can be asked this way, a {@code *} in a name standing for any text; empty for all
 * @param drops members of the body that have no place on this way where the path or a header says them
 * @param sets members of the body that this way needs, with their values
 */
public record Way(
        Operation operation,
        String dialect,
        String path,
        String streamPath,
        List<String> models,
        Set<String> drops,
        Map<String, JsonNode> sets) {

    public Way {
        models = List.copyOf(models);
        drops = Set.copyOf(drops);
        sets = Collections.unmodifiableMap(new LinkedHashMap<>(sets));
    }

    /** A plain way to chat, for every model. */
    public static Way chat(String dialect, String path) {
        return new Way(Operation.CHAT, dialect, path, path, List.of(), Set.of(), Map.of());
    }

    /** Plain ways to chat: for each dialect, the most preferred first, its path. */
    public static List<Way> chat(Map<String, String> paths) {
        return paths.entrySet().stream()
                .map(entry -> chat(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Whether this model can be asked this way. */
    public boolean serves(String model) {
        return models.isEmpty() || models.stream().anyMatch(pattern -> matches(pattern, model));
    }

    private static boolean matches(String pattern, String model) {
        return model.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
    }

    /** The path for a call; the model's name becomes one safe segment of it. */
    public String path(String model, boolean stream) {
        String segment = URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
        return (stream ? streamPath : path).replace("{model}", segment);
    }
}
