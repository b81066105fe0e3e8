package dev.tollgate.provider;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The fields of one row of {@code providers.yaml}, read strictly: a misspelt field must fail a test, not a call. */
final class RowFields {
    private static final Set<String> KNOWN = Set.of(
            "base-url",
            "paths",
            "credential",
            "key",
            "key-env",
            "stream-usage",
            "max-tokens-field",
            "drops",
            "headers",
            "forwards",
            "models");

    private final String name;
    private final Map<?, ?> fields;

    private RowFields(String name, Object fields) {
        this.name = name;
        this.fields = mapping(fields, name);
        for (Object key : this.fields.keySet()) {
            if (!KNOWN.contains(String.valueOf(key))) {
                throw new IllegalArgumentException(name + ": unknown field '" + key + "'");
            }
        }
    }

    static Map<String, RowFields> rowsOf(String yaml) {
        Object document =
                new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build()).loadFromString(yaml);
        Map<String, RowFields> rows = new LinkedHashMap<>();
        mapping(document, "rows")
                .forEach((name, fields) -> rows.put(String.valueOf(name), new RowFields(String.valueOf(name), fields)));
        return rows;
    }

    ProviderRow row() {
        String baseUrl = text("base-url");
        Map<String, String> paths = texts("paths");
        if (paths.isEmpty() || !paths.values().stream().allMatch(path -> path.startsWith("/"))) {
            throw new IllegalArgumentException(name + ": 'paths' must name a path, from its slash on, per dialect");
        }
        return new ProviderRow(
                name,
                baseUrl == null ? null : URI.create(baseUrl),
                paths,
                or(text("credential"), "bearer"),
                keyRequired(),
                text("key-env"),
                quirks());
    }

    private boolean keyRequired() {
        String key = or(text("key"), "required");
        if (!key.equals("required") && !key.equals("optional")) {
            throw new IllegalArgumentException(name + ": 'key' must be required or optional");
        }
        return key.equals("required") && !or(text("credential"), "bearer").equals("none");
    }

    private Quirks quirks() {
        return new Quirks(
                !"false".equals(text("stream-usage")),
                or(text("max-tokens-field"), "max_tokens"),
                Set.copyOf(list("drops")),
                texts("headers"),
                list("forwards"),
                list("models"));
    }

    private @Nullable String text(String field) {
        Object value = fields.get(field);
        return value == null ? null : value.toString();
    }

    private List<String> list(String field) {
        Object value = fields.get(field);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> items)) {
            throw new IllegalArgumentException(name + ": '" + field + "' must be a list");
        }
        return items.stream().map(String::valueOf).toList();
    }

    private Map<String, String> texts(String field) {
        Object value = fields.get(field);
        Map<String, String> texts = new LinkedHashMap<>();
        if (value != null) {
            mapping(value, name + "." + field)
                    .forEach((key, text) -> texts.put(String.valueOf(key), String.valueOf(text)));
        }
        return texts;
    }

    private static Map<?, ?> mapping(@Nullable Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(what + ": not a mapping");
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }
}
