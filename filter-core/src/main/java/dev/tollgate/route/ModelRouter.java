package dev.tollgate.route;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.access.Caller;
import dev.tollgate.config.ModelNames;
import dev.tollgate.config.ModelPattern;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Model;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Routes by the configuration. Whether a caller may use a name is decided before whether anything is served under it, so a
 * refusal tells nobody about models that are not theirs.
 */
public final class ModelRouter implements Router {
    private static final int MOST_HINTS = 5;

    private final List<String> names;
    private final ModelNames models;
    private final Map<String, Targets> targets = new HashMap<>();

    /**
     * @param known names of models that providers are known to have, by provider family: where a pattern serves them they
     *     are listed by name
     * @throws IllegalArgumentException when a target names a provider that is not configured
     */
    public ModelRouter(Settings settings, Map<String, List<String>> known) {
        this.models = new ModelNames(settings.models().values());
        for (Model model : settings.models().values()) {
            targets.put(model.name(), new Targets(model, settings.providers()));
        }
        this.names = Stream.concat(exact(settings), served(settings, known))
                .distinct()
                .toList();
    }

    private static Stream<String> exact(Settings settings) {
        return settings.models().values().stream()
                .flatMap(model -> Stream.concat(
                        Stream.of(model.name()).filter(name -> !new ModelPattern(name).isWild()),
                        model.routing().aliases().stream()));
    }

    /** The known models that a pattern leads to, each by the shorter of the names it may be asked for by. */
    private Stream<String> served(Settings settings, Map<String, List<String>> known) {
        return settings.providers().values().stream()
                .flatMap(provider -> known.getOrDefault(provider.family(), List.of()).stream()
                        .flatMap(model -> Stream.of(model, provider.name() + "/" + model)
                                .filter(name -> leadsTo(name, provider.name() + "/" + model))
                                .limit(1)));
    }

    private boolean leadsTo(String name, String label) {
        return models.find(name)
                .filter(match -> new ModelPattern(match.model().name()).isWild())
                .flatMap(match -> Optional.ofNullable(targets.get(match.model().name()))
                        .filter(where -> where.canTake(match.capture()))
                        .map(where -> where.candidates(match.capture())))
                .filter(candidates ->
                        candidates.stream().anyMatch(each -> each.label().equals(label)))
                .isPresent();
    }

    @Override
    public Plan plan(String model, Caller caller) {
        Optional<ModelNames.Match> found = models.find(model);
        if (!accepts(caller, model)
                && !found.filter(match -> mayUse(caller, model, match)).isPresent()) {
            throw notAllowed(model, caller);
        }
        ModelNames.Match match =
                found.filter(each -> mayUse(caller, model, each)).orElseThrow(() -> unknown(model, caller));
        Targets where = targets.get(match.model().name());
        if (where == null || !where.canTake(match.capture())) {
            throw unknown(model, caller);
        }
        return where.plan(match.capture());
    }

    @Override
    public List<String> models(Caller caller) {
        return names.stream()
                .filter(name -> models.find(name)
                        .filter(match -> mayUse(caller, name, match))
                        .isPresent())
                .toList();
    }

    private static boolean accepts(Caller caller, String name) {
        return caller.models().stream().anyMatch(allowed -> new ModelPattern(allowed).accepts(name));
    }

    /**
     * Whether a caller may use a model by this name. An alias opens nothing by itself: it takes the right to the model's own name,
     * or the alias written out among what the caller may use. A pattern that happens to match it is not enough.
     */
    private static boolean mayUse(Caller caller, String name, ModelNames.Match match) {
        String own = match.model().name();
        boolean alias = !name.equals(own) && match.model().routing().aliases().contains(name);
        return alias ? accepts(caller, own) || caller.models().contains(name) : accepts(caller, name);
    }

    private Refusal notAllowed(String model, Caller caller) {
        String who = caller.key() == null ? "a caller without a key" : "key \"" + caller.key() + '"';
        return new Refusal(
                        ErrorCode.POLICY_MODEL_NOT_ALLOWED,
                        who + " may not use model " + ModelName.quoted(model) + hint(model, caller))
                .at("model");
    }

    private Refusal unknown(String model, Caller caller) {
        return new Refusal(
                        ErrorCode.CALLER_MODEL_UNKNOWN,
                        "there is no model " + ModelName.quoted(model) + hint(model, caller))
                .at("model");
    }

    /** The names that begin most like the one asked for, of those the caller may use. */
    private String hint(String asked, Caller caller) {
        List<String> own = models(caller);
        if (own.isEmpty()) {
            return "";
        }
        return own.stream()
                .sorted(Comparator.comparingInt((String name) -> -ModelName.sameStart(asked, name)))
                .limit(MOST_HINTS)
                .collect(Collectors.joining("\", \"", "; it may be \"", own.size() > MOST_HINTS ? "\", …" : "\""));
    }
}
