package dev.tollgate.config;

import dev.tollgate.Secret;
import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.config.Settings.Timeouts;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.ProviderRow;
import dev.tollgate.provider.ProviderRows;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The set-up without a file: the offline {@code echo}, and each provider whose key the environment holds. */
final class BuiltIn {
    private final ProviderRows rows;
    private final Map<String, String> environment;
    private final Map<String, Provider> providers = new LinkedHashMap<>();
    private final Map<String, Model> models = new LinkedHashMap<>();

    BuiltIn(ProviderRows rows, Map<String, String> environment) {
        this.rows = rows;
        this.environment = environment;
    }

    Settings settings(String keySha256) {
        rows.all().forEach(this::add);
        return new Settings(
                providers,
                models,
                List.of(new Settings.Key("default", keySha256, null, null, List.of("*"), Optional.empty())),
                new Settings.Access(false),
                List.of(),
                Settings.Cluster.NONE,
                Settings.Server.DEFAULT,
                Map.of());
    }

    /** What needs a setting that only a file can say needs a file. */
    private void add(ProviderRow row) {
        boolean keyIsEnough = row.settings().values().stream()
                .noneMatch(setting ->
                        setting.required() && inEnvironment(setting.variables()).isEmpty());
        Optional<URI> baseUrl = keyIsEnough ? row.baseUrl(settings(row)) : Optional.empty();
        if (baseUrl.isEmpty()) {
            return;
        }
        Optional<String> key = inEnvironment(row.keyVariables());
        if (key.isPresent() || (!row.takesKey() && row.identity() == null)) {
            Credential credential = row.keyed(key.map(Secret::new).orElse(null));
            add(row, row.provider(row.name(), baseUrl.get(), credential, settings(row)));
        }
    }

    private Map<String, String> settings(ProviderRow row) {
        Map<String, String> values = new LinkedHashMap<>();
        row.settings()
                .values()
                .forEach(setting -> inEnvironment(setting.variables())
                        .or(() -> Optional.ofNullable(setting.fallback()))
                        .ifPresent(value -> values.put(setting.name(), value)));
        return values;
    }

    private Optional<String> inEnvironment(List<String> variables) {
        return variables.stream()
                .map(variable -> environment.getOrDefault(variable, "").strip())
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    private void add(ProviderRow row, Provider provider) {
        providers.put(provider.name(), provider);
        row.quirks().modelPatterns().forEach(pattern -> model(pattern, provider, pattern));
        model(provider.name() + "/*", provider, "*");
    }

    private void model(String name, Provider provider, String target) {
        Target only = new Target(provider.name(), target, 1);
        Model model = new Model(
                name,
                Pick.ORDER,
                List.of(only),
                List.of(),
                Timeouts.DEFAULT,
                Model.DEFAULT_ATTEMPTS,
                Model.DEFAULT_MAX_OUTPUT_TOKENS);
        models.putIfAbsent(name, model);
    }
}
