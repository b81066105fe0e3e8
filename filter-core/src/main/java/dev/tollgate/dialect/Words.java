package dev.tollgate.dialect;

import dev.tollgate.chat.Usage;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.json.JsonKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/**
 * A dialect's own words for what requests ask for: the paths of the fields, {@code []} for any element of a list. Where
 * several fields say the same thing, the one most used is the first.
 */
public final class Words {
    /** The words of whoever has no other. */
    public static final Words PLAIN = new Words(new EnumMap<>(Asked.class));

    private final Map<Asked, List<String>> paths;

    private Words(Map<Asked, List<String>> paths) {
        this.paths = paths;
    }

    /** These words beside the ones of this dialect. */
    public Words with(Asked asked, String... fields) {
        Map<Asked, List<String>> more = new EnumMap<>(Asked.class);
        more.putAll(paths);
        more.put(asked, List.of(fields));
        return new Words(more);
    }

    /** The words for a request: of several for one thing, that which occurs in it. */
    Words in(JsonNode body) {
        Map<Asked, List<String>> said = new EnumMap<>(Asked.class);
        paths.forEach((asked, fields) -> {
            List<String> sorted = new ArrayList<>(fields);
            sorted.sort((one, other) -> Boolean.compare(occurs(body, other), occurs(body, one)));
            said.put(asked, sorted);
        });
        return new Words(said);
    }

    /** Whether a field is in a request. */
    static boolean occurs(JsonNode node, String path) {
        int dot = path.indexOf('.');
        String step = dot < 0 ? path : path.substring(0, dot);
        String rest = dot < 0 ? "" : path.substring(dot + 1);
        if (!step.endsWith("[]")) {
            JsonNode value = node.path(step);
            return !value.isMissingNode() && (rest.isEmpty() || occurs(value, rest));
        }
        JsonNode list = node.path(step.substring(0, step.length() - 2));
        for (JsonNode element : list) {
            if (rest.isEmpty() || occurs(element, rest)) {
                return true;
            }
        }
        return false;
    }

    /** The word for something. */
    public String of(Asked asked) {
        return paths.getOrDefault(asked, List.of(asked.plain())).get(0);
    }

    /** The number that a request asks for in any of the words for it, the greatest; empty where there is none above zero. */
    OptionalLong number(Asked asked, JsonDocument body) {
        long greatest = 0;
        for (String path : paths.getOrDefault(asked, List.of())) {
            greatest = Math.max(greatest, number(path, body));
        }
        return greatest == 0 ? OptionalLong.empty() : OptionalLong.of(greatest);
    }

    private static long number(String path, JsonDocument body) {
        int dot = path.indexOf('.');
        String member = dot < 0 ? path : path.substring(0, dot);
        JsonKind kind = body.kind(member);
        if (kind == null || kind == JsonKind.NULL) {
            return 0;
        }
        JsonNode node = body.member(member).orElseThrow();
        while (dot >= 0) {
            int next = path.indexOf('.', dot + 1);
            node = node.path(next < 0 ? path.substring(dot + 1) : path.substring(dot + 1, next));
            dot = next;
        }
        return Usage.count(node);
    }

    /** Whether there is a word for something. */
    boolean has(Asked asked) {
        return paths.containsKey(asked);
    }

    /** What a field of this dialect is about, if it is one that others have too. */
    Optional<Asked> about(String field) {
        return paths.entrySet().stream()
                .filter(entry -> entry.getValue().contains(field))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
