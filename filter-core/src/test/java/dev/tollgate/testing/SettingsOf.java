package dev.tollgate.testing;

import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.config.Settings.Timeouts;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings of a few lines, for tests that need no file. */
public final class SettingsOf {

    private SettingsOf() {}

    public static Settings limits(Limit... limits) {
        return settings(Map.of(), List.of(), List.of(limits));
    }

    public static Settings models(Map<String, Provider> providers, Model... models) {
        return settings(providers, List.of(models), List.of());
    }

    public static Settings settings(Map<String, Provider> providers, List<Model> models, List<Limit> limits) {
        Map<String, Model> byName = new LinkedHashMap<>();
        models.forEach(model -> byName.put(model.name(), model));
        return new Settings(
                providers,
                byName,
                List.of(),
                new Settings.Access(false),
                limits,
                Settings.Cluster.NONE,
                Settings.Server.DEFAULT,
                Map.of());
    }

    public static Model model(String name, Pick pick, List<Target> targets, List<Target> fallback) {
        return new Model(
                name,
                pick,
                targets,
                fallback,
                Timeouts.DEFAULT,
                Model.DEFAULT_ATTEMPTS,
                Model.DEFAULT_MAX_OUTPUT_TOKENS);
    }

    /** The same model, routed in another way. */
    public static Model routed(Model model, Settings.Routing routing) {
        return new Model(
                model.name(),
                model.pick(),
                model.targets(),
                model.fallback(),
                model.timeouts(),
                model.attempts(),
                model.maxOutputTokens(),
                model.unsupported(),
                routing);
    }

    /** A provider that speaks OpenAI chat and lives nowhere. */
    public static Provider provider(String name, String family) {
        return new Provider(
                name,
                family,
                URI.create("http://127.0.0.1:9"),
                Way.chat(Map.of("openai-chat", "/chat/completions")),
                new Credential.None(),
                Quirks.NONE);
    }
}
