package dev.tollgate.provider;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One way to ask a provider: an operation, the wire format to ask in, and where.
 *
 * @param operation what is asked for
 * @param dialect the id of the wire format
 * @param path the path below the base URL, from its slash on, query included; with {@code {model}} in the place of the name
 * @param streamPath the same where the answer is to be streamed
 * @param models the models that can be asked this way, a {@code *} in a name standing for any text, and those that cannot
 *     with a {@code !} in front; all where none is named
 * @param drops members of the body that have no place on this way where the path or a header says them
 * @param sets members of the body that this way needs, with their values
 * @param betas where Anthropic's beta features are asked for in the body and not by a header: those that may be
 */
public record Way(
        Operation operation,
        String dialect,
        String path,
        String streamPath,
        List<String> models,
        Set<String> drops,
        Map<String, JsonNode> sets,
        @Nullable Set<String> betas) {
    private static final String MODEL = "{" + Places.MODEL + "}";

    public Way {
        models = List.copyOf(models);
        drops = Set.copyOf(drops);
        sets = Collections.unmodifiableMap(new LinkedHashMap<>(sets));
        betas = betas == null ? null : Set.copyOf(betas);
    }

    /** A way on which headers are as they are. */
    public Way(
            Operation operation,
            String dialect,
            String path,
            String streamPath,
            List<String> models,
            Set<String> drops,
            Map<String, JsonNode> sets) {
        this(operation, dialect, path, streamPath, models, drops, sets, null);
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

    /** The same way elsewhere. */
    Way at(String otherPath, String otherStreamPath) {
        return new Way(operation, dialect, otherPath, otherStreamPath, models, drops, sets, betas);
    }

    /** Whether this model can be asked this way. */
    public boolean serves(String model) {
        boolean named = false;
        boolean some = false;
        for (String pattern : models) {
            boolean excludes = pattern.startsWith("!");
            if (excludes && matches(pattern, 1, model)) {
                return false;
            }
            some |= !excludes;
            named |= !excludes && matches(pattern, 0, model);
        }
        return isSegment(model) && (named || !some);
    }

    /** A dot is no name of a model but a way up, which servers take even where it is encoded. */
    private boolean isSegment(String model) {
        return !path.contains(MODEL) || !(model.isEmpty() || model.equals(".") || model.equals(".."));
    }

    /** Whether a name is what the pattern says from a place on: every call asks, so no expression is compiled for it. */
    static boolean matches(String pattern, int from, String model) {
        int star = pattern.indexOf('*', from);
        if (star < 0) {
            return pattern.length() - from == model.length() && pattern.startsWith(model, from);
        }
        if (!model.regionMatches(0, pattern, from, star - from)) {
            return false;
        }
        int at = star - from;
        for (int next = pattern.indexOf('*', star + 1); next >= 0; next = pattern.indexOf('*', star + 1)) {
            String piece = pattern.substring(star + 1, next);
            int found = model.indexOf(piece, at);
            if (found < 0) {
                return false;
            }
            at = found + piece.length();
            star = next;
        }
        int tail = pattern.length() - star - 1;
        return model.length() - tail >= at && model.endsWith(pattern.substring(star + 1));
    }

    /** The path for a call; the model's name becomes one safe segment of it. */
    public String path(String model, boolean stream) {
        return (stream ? streamPath : path).replace(MODEL, segment(model));
    }

    /** As SDKs write it: what RFC 3986 allows in a segment stays, but for the colon, which AWS's signatures want encoded. */
    private static String segment(String model) {
        return URLEncoder.encode(model, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%40", "@")
                .replace("%7E", "~");
    }
}
