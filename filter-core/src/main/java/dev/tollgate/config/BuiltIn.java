package dev.tollgate.config;

import dev.tollgate.Secret;
import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.config.Settings.Timeouts;
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

    private void add(ProviderRow row) {
        URI baseUrl = row.baseUrl();
        if (baseUrl == null) {
            return;
        }
        String variable = row.keyVariable();
        String key =
                variable == null ? "" : environment.getOrDefault(variable, "").strip();
        if (!key.isEmpty()) {
            add(row, row.provider(row.name(), baseUrl, new Secret(key)));
        } else if (!row.takesKey()) {
            add(row, row.provider(row.name(), baseUrl, null));
        }
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
