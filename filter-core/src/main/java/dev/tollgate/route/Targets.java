package dev.tollgate.route;

import dev.tollgate.config.ModelPattern;
import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.provider.Provider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The targets of one configured model, in the order that each call is to try them. */
final class Targets {
    private final List<Choice> targets;
    private final List<Choice> fallback;
    private final boolean weighted;
    private final RandomGenerator random;

    Targets(Model model, Map<String, Provider> providers, RandomGenerator random) {
        this.targets = choices(model, model.targets(), providers);
        this.fallback = choices(model, model.fallback(), providers);
        this.weighted = model.pick() == Pick.WEIGHTED;
        this.random = random;
    }

    private static List<Choice> choices(Model model, List<Target> targets, Map<String, Provider> providers) {
        ModelPattern name = new ModelPattern(model.name());
        return targets.stream()
                .map(target -> Choice.of(name, target, providers))
                .toList();
    }

    /** Whether what the {@code *} stands for can be handed on to every target that wants it. */
    boolean canTake(String capture) {
        return targets.stream().allMatch(each -> each.canTake(capture))
                && fallback.stream().allMatch(each -> each.canTake(capture));
    }

    /** The targets in the order to try them, each once, the fallbacks last. */
    List<Candidate> candidates(String capture) {
        Map<String, Candidate> candidates = new LinkedHashMap<>();
        List<Choice> first = weighted ? WeightedOrder.draw(targets, Choice::weight, random) : targets;
        Stream.concat(first.stream(), fallback.stream())
                .map(each -> each.candidate(capture))
                .forEach(each -> candidates.putIfAbsent(each.label(), each));
        return List.copyOf(candidates.values());
    }

    private record Choice(Provider provider, ModelPattern model, int weight) {
        /** @param name the configured name, whose {@code *} tells what a target's stands for */
        static Choice of(ModelPattern name, Target target, Map<String, Provider> providers) {
            Provider provider = providers.get(target.provider());
            if (provider == null) {
                throw new IllegalArgumentException("no provider is called '" + target.provider() + "'");
            }
            return new Choice(provider, name.handOn(new ModelPattern(target.model())), target.weight());
        }

        boolean canTake(String capture) {
            return !model.isWild() || ModelName.isSafe(model.fill(capture));
        }

        Candidate candidate(String capture) {
            return new Candidate(provider, model.fill(capture));
        }
    }
}
