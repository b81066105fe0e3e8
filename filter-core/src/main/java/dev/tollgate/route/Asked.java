package dev.tollgate.route;

import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Ability;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * What the choice of a target depends on, of one call.
 *
 * @param model the configured model
 * @param inputTokens an estimate of what is sent; 0 where that is not known
 * @param outputTokens the most that may be answered, by the caller's own word; 0 where it has not said
 * @param needs what a target must be able to do
 * @param tags the tags that a target must have
 * @param stickyTo digests of what calls have in common that are to go to one target, those first that say most; empty for
 *     nothing
 * @param nanoUsd what the call may cost at a target, in nano-USD; empty where that is not known
 */
public record Asked(
        Settings.Model model,
        long inputTokens,
        long outputTokens,
        Set<Ability> needs,
        Set<String> tags,
        List<String> stickyTo,
        Function<Candidate, OptionalLong> nanoUsd) {
    public Asked {
        needs = Set.copyOf(needs);
        tags = Set.copyOf(tags);
        stickyTo = List.copyOf(stickyTo);
    }

    /** What depends on nothing but the model. */
    public static Asked of(Settings.Model model) {
        return new Asked(model, 0, 0, Set.of(), Set.of(), List.of(), candidate -> OptionalLong.empty());
    }
}
