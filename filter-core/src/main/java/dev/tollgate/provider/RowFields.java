package dev.tollgate.provider;

import java.util.ArrayList;
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
            "base-urls",
            "paths",
            "count-tokens",
            "embeddings",
            "rerank",
            "relays",
            "credential",
            "key",
            "key-env",
            "identity",
            "settings",
            "stream-usage",
            "max-tokens-field",
            "drops",
            "headers",
            "forwards",
            "models",
            "signs-as",
            "cache-hints",
            "prefill");

    private static final Set<String> SETTINGS = Set.of("region", "project", "location", "api-version");

    private final YamlFields fields;

    private RowFields(YamlFields fields) {
        this.fields = fields.only(KNOWN);
    }

    static Map<String, RowFields> rowsOf(String yaml) {
        Object document =
                new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build()).loadFromString(yaml);
        Map<String, RowFields> rows = new LinkedHashMap<>();
        YamlFields.mapping(document, "rows").forEach((name, row) -> {
            String text = String.valueOf(name);
            rows.put(text, new RowFields(YamlFields.of(row, text)));
        });
        return rows;
    }

    ProviderRow row() {
        ProviderRow row = new ProviderRow(
                fields.what(),
                fields.text("base-url"),
                baseUrls(),
                ways(),
                fields.text("credential", "bearer"),
                keyRequired(),
                fields.oneOrMore("key-env"),
                identity(),
                settings(),
                quirks());
        checkPlaces(row);
        return row;
    }

    private List<Way> ways() {
        List<Way> ways = new ArrayList<>(WayFields.of(Operation.CHAT, fields, "paths"));
        ways.addAll(WayFields.of(Operation.COUNT_TOKENS, fields, "count-tokens"));
        ways.addAll(WayFields.of(Operation.EMBED, fields, "embeddings"));
        ways.addAll(WayFields.of(Operation.RERANK, fields, "rerank"));
        ways.addAll(WayFields.relays(fields));
        if (ways.isEmpty()) {
            throw fields.wrong("it can be asked in no way; 'paths' names a path, from its slash on, per dialect");
        }
        return ways;
    }

    private Map<String, Map<String, String>> baseUrls() {
        Map<String, Map<String, String>> urls = new LinkedHashMap<>();
        YamlFields others = fields.inner("base-urls");
        others.names().forEach(setting -> urls.put(setting, others.texts(setting)));
        return urls;
    }

    private boolean keyRequired() {
        String key = fields.text("key", fields.has("identity") ? "optional" : "required");
        if (!key.equals("required") && !key.equals("optional")) {
            throw fields.wrong("'key' must be required or optional");
        }
        return key.equals("required") && !fields.text("credential", "bearer").equals("none");
    }

    private @Nullable Identity identity() {
        Map<String, String> texts = fields.texts("identity");
        if (texts.isEmpty()) {
            return null;
        }
        Map.Entry<String, String> only = texts.entrySet().iterator().next();
        Identity.Kind kind = Identity.Kind.of(only.getKey())
                .filter(known -> texts.size() == 1)
                .orElseThrow(() -> fields.wrong("'identity' must be one of aws, google and entra, with its scope"));
        return new Identity(kind, only.getValue());
    }

    private Map<String, RowSetting> settings() {
        YamlFields listed = fields.inner("settings").only(SETTINGS);
        Map<String, RowSetting> settings = new LinkedHashMap<>();
        listed.names().forEach(name -> settings.put(name, setting(name, listed.inner(name))));
        return settings;
    }

    private static RowSetting setting(String name, YamlFields of) {
        of.only(Set.of("optional", "default", "env"));
        String fallback = of.text("default");
        boolean optional = fallback != null || of.text("optional", "false").equals("true");
        return new RowSetting(name, !optional, fallback, of.oneOrMore("env"));
    }

    private Quirks quirks() {
        return new Quirks(
                !fields.text("stream-usage", "true").equals("false"),
                fields.text("max-tokens-field", "max_tokens"),
                Set.copyOf(fields.list("drops")),
                fields.texts("headers"),
                fields.list("forwards"),
                fields.list("models"),
                fields.text("signs-as"),
                fields.text("cache-hints", "false").equals("true"),
                prefill());
    }

    private Prefill prefill() {
        YamlFields given = fields.inner("prefill").only(Set.of("models", "sets"));
        return new Prefill(given.list("models"), WayFields.sets(given.inner("sets")));
    }

    /** Every place must be that of a setting, lest a call go to <code>https://{regoin}.example</code>. */
    private void checkPlaces(ProviderRow row) {
        List<String> templates = new ArrayList<>();
        if (row.baseUrl() != null) {
            templates.add(row.baseUrl());
        }
        row.baseUrls().values().forEach(urls -> templates.addAll(urls.values()));
        row.ways().forEach(way -> templates.addAll(List.of(way.path(), way.streamPath())));
        for (String template : templates) {
            if (!row.settings().keySet().containsAll(Places.in(template))) {
                throw fields.wrong("'settings' does not name all that " + template + " has places for");
            }
        }
        if (!row.settings().keySet().containsAll(row.baseUrls().keySet())) {
            throw fields.wrong("'base-urls' must be by settings");
        }
    }
}
