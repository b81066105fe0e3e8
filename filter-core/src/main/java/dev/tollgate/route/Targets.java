package dev.tollgate.route;

import dev.tollgate.config.ModelPattern;
import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.config.Settings.Traits;
import dev.tollgate.provider.Provider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The targets of one configured model, in the order of the configuration. */
final class Targets {
    private final Model model;
    private final List<Choice> proper;
    private final List<Choice> contextWindow;
    private final List<Choice> contentPolicy;
    private final List<Choice> budget;

    /** @throws IllegalArgumentException when a target names a provider that is not configured */
    Targets(Model model, Map<String, Provider> providers) {
        this.model = model;
        this.proper = Stream.concat(
                        choices(model, model.targets(), false, providers),
                        choices(model, model.fallback(), true, providers))
                .toList();
        this.contextWindow = chain(model, model.routing().contextWindowFallback(), providers);
        this.contentPolicy = chain(model, model.routing().contentPolicyFallback(), providers);
        this.budget = chain(model, model.routing().budgetFallback(), providers);
    }

    private static List<Choice> chain(Model model, List<Target> targets, Map<String, Provider> providers) {
        return choices(model, targets, false, providers).toList();
    }

    private static Stream<Choice> choices(
            Model model, List<Target> targets, boolean fallback, Map<String, Provider> providers) {
        ModelPattern name = new ModelPattern(model.name());
        return targets.stream().map(target -> Choice.of(name, target, fallback, providers));
    }

    /** Whether what the {@code *} stands for can be handed on to every target that wants it. */
    boolean canTake(String capture) {
        return Stream.of(proper, contextWindow, contentPolicy, budget)
                .flatMap(List::stream)
                .allMatch(each -> each.canTake(capture));
    }

    /** Where a call may go. */
    Plan plan(String capture) {
        return new Plan(
                model,
                candidates(capture),
                filled(contextWindow, capture),
                filled(contentPolicy, capture),
                filled(budget, capture));
    }

    /** The targets proper and the fallbacks, each once. */
    List<Candidate> candidates(String capture) {
        return filled(proper, capture);
    }

    private static List<Candidate> filled(List<Choice> choices, String capture) {
        Map<String, Candidate> candidates = new LinkedHashMap<>();
        choices.stream()
                .map(each -> each.candidate(capture))
                .forEach(each -> candidates.putIfAbsent(each.label(), each));
        return List.copyOf(candidates.values());
    }

    private record Choice(Provider provider, ModelPattern model, int weight, Traits traits, boolean fallback) {
        /** @param name the configured name, whose {@code *} tells what a target's stands for */
        static Choice of(ModelPattern name, Target target, boolean fallback, Map<String, Provider> providers) {
            Provider provider = providers.get(target.provider());
            if (provider == null) {
                throw new IllegalArgumentException("no provider is called '" + target.provider() + "'");
            }
            ModelPattern model = name.handOn(new ModelPattern(target.model()));
            return new Choice(provider, model, target.weight(), target.traits(), fallback);
        }

        boolean canTake(String capture) {
            return !model.isWild() || ModelName.isSafe(model.fill(capture));
        }

        Candidate candidate(String capture) {
            return new Candidate(provider, model.fill(capture), weight, traits, fallback);
        }
    }
}
