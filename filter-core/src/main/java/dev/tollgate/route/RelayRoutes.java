package dev.tollgate.route;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.RelayPath;
import dev.tollgate.access.Caller;
import dev.tollgate.config.ModelNames;
import dev.tollgate.config.ModelPattern;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.provider.Provider;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where calls go that name no model: to the provider that the configuration says, or the only one that can answer. */
public final class RelayRoutes {
    private final Settings settings;
    private final ModelNames models;

    public RelayRoutes(Settings settings) {
        this.settings = settings;
        this.models = new ModelNames(settings.models().values());
    }

    /** The provider of this name; empty when none is configured. */
    public Optional<Provider> provider(String name) {
        return Optional.ofNullable(settings.providers().get(name));
    }

    /**
     * The provider for a path when nothing else names one.
     *
     * @throws Refusal when there is none, or there are several
     */
    public Provider defaultFor(RelayPath path) {
        Optional<Provider> said = Optional.ofNullable(settings.server().relays().get(path.family()))
                .flatMap(this::provider);
        if (said.isPresent()) {
            return said.get();
        }
        List<Provider> able = settings.providers().values().stream()
                .filter(provider -> path.way(provider, "").isPresent())
                .toList();
        if (able.size() == 1) {
            return able.get(0);
        }
        String what = able.isEmpty()
                ? "no provider of this gateway serves " + path.family()
                : "several providers of this gateway serve " + path.family()
                        + ": name a model, or a provider, with the field 'model' (before any file) or the header"
                        + " x-tollgate-model; or its operator sets server.relays." + path.family();
        throw new Refusal(ErrorCode.CALLER_BAD_REQUEST, what).at("model");
    }

    /**
     * The plan of a call that goes to one provider without naming a model.
     *
     * @param own the provider's own name of the model that is concerned; empty where none is
     * @throws Refusal when the caller may use no model of it
     */
    public Plan at(Provider provider, RelayPath path, Caller caller, String own) {
        if (!mayUse(caller, provider)) {
            throw new Refusal(
                    ErrorCode.POLICY_MODEL_NOT_ALLOWED, "this caller may use no model of \"" + provider.name() + '"');
        }
        Model model = new Model(
                provider.name() + "/" + path.family(),
                Settings.Pick.ORDER,
                List.of(),
                List.of(),
                Settings.Timeouts.DEFAULT,
                1,
                Model.DEFAULT_MAX_OUTPUT_TOKENS,
                Settings.Unsupported.REPORT);
        return new Plan(model, List.of(new Candidate(provider, own)));
    }

    /** Whether a caller may use some model that is at this provider. */
    private boolean mayUse(Caller caller, Provider provider) {
        return caller.models().stream().anyMatch(allowed -> leadsTo(new ModelPattern(allowed), provider));
    }

    private boolean leadsTo(ModelPattern allowed, Provider provider) {
        if (!allowed.isWild()) {
            return models.find(allowed.text())
                    .filter(match -> isAt(match.model(), provider))
                    .isPresent();
        }
        return settings.models().values().stream()
                .filter(model ->
                        allowed.accepts(model.name()) || new ModelPattern(model.name()).accepts(allowed.text()))
                .anyMatch(model -> isAt(model, provider));
    }

    private static boolean isAt(Model model, Provider provider) {
        return Stream.concat(model.targets().stream(), model.fallback().stream())
                .map(Target::provider)
                .anyMatch(provider.name()::equals);
    }

    /**
     * Lets only callers through that may use every model: of what is behind this call the gateway cannot see the models.
     *
     * @throws Refusal when the caller may use some models only
     */
    public void requireAll(Caller caller) {
        if (!caller.models().contains("*")) {
            throw new Refusal(
                            ErrorCode.POLICY_MODEL_NOT_ALLOWED,
                            "a caller that may use some models only must name the model of this call")
                    .at("model");
        }
    }
}
