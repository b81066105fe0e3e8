package dev.tollgate.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The ways in a row of {@code providers.yaml}: by the id of a wire format a path, a mapping around one, or a list of these. */
final class WayFields {
    private static final Set<String> KNOWN = Set.of("path", "stream-path", "models", "drops", "sets", "betas");
    private static final Pattern RELAY = Pattern.compile("[a-z0-9]+(?:/[a-z0-9]+)*");

    /** What the gateway does not translate, all of it OpenAI's. */
    private static final String RELAYED = "openai-chat";

    private WayFields() {}

    static List<Way> of(Operation operation, YamlFields row, String field) {
        YamlFields section = row.inner(field);
        List<Way> ways = new ArrayList<>();
        for (String dialect : section.names()) {
            Object value = section.value(dialect);
            List<?> each = value instanceof List<?> list ? list : List.of(value == null ? "" : value);
            each.forEach(one -> ways.add(way(operation, dialect, one, section.what() + "." + dialect)));
        }
        return ways;
    }

    private static Way way(Operation operation, String dialect, Object written, String what) {
        if (written instanceof Map<?, ?>) {
            return way(operation, dialect, YamlFields.of(written, what).only(KNOWN));
        }
        String path = path(written.toString(), what);
        return new Way(operation, dialect, path, path, List.of(), Set.of(), Map.of());
    }

    private static Way way(Operation operation, String dialect, YamlFields fields) {
        String path = path(fields.text("path"), fields.what());
        return new Way(
                operation,
                dialect,
                path,
                path(fields.text("stream-path", path), fields.what()),
                fields.list("models"),
                Set.copyOf(fields.list("drops")),
                sets(fields.inner("sets")),
                fields.has("betas") ? Set.copyOf(fields.list("betas")) : null);
    }

    static Map<String, JsonNode> sets(YamlFields fields) {
        Map<String, JsonNode> sets = new LinkedHashMap<>();
        fields.names().forEach(name -> sets.put(name, JsonMapper.shared().valueToTree(fields.value(name))));
        return sets;
    }

    /** Where a row names an endpoint, its way is the path below the base URL that all of the endpoint's paths begin with. */
    static List<Way> relays(YamlFields row) {
        return row.list("relays").stream().map(name -> relay(name, row)).toList();
    }

    private static Way relay(String name, YamlFields row) {
        if (!RELAY.matcher(name).matches()) {
            throw row.wrong("'relays' must list names as images or images/generations");
        }
        return new Way(Operation.RELAY, RELAYED, "/" + name, "/" + name, List.of(), Set.of(), Map.of());
    }

    private static String path(@Nullable String text, String what) {
        if (text == null || !text.startsWith("/")) {
            throw new IllegalArgumentException(what + ": must be a path, from its slash on");
        }
        return text;
    }
}
