package dev.tollgate.route;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.config.Settings;
import java.util.List;
import java.util.Optional;

/**
 * Where a call may go.
 *
 * @param model the configured model that answers the name asked for
 * @param candidates the targets, as they are configured, the fallbacks last; never empty
 * @param contextWindow those that are asked when one has found the call too long
 * @param contentPolicy those that are asked when one has refused the call for what it says
 * @param budget those that are asked when a budget has no money for the others
 */
public record Plan(
        Settings.Model model,
        List<Candidate> candidates,
        List<Candidate> contextWindow,
        List<Candidate> contentPolicy,
        List<Candidate> budget) {
    public Plan {
        candidates = List.copyOf(candidates);
        contextWindow = List.copyOf(contextWindow);
        contentPolicy = List.copyOf(contentPolicy);
        budget = List.copyOf(budget);
    }

    /** A plan for which there are no others than these. */
    public Plan(Settings.Model model, List<Candidate> candidates) {
        this(model, candidates, List.of(), List.of(), List.of());
    }

    /** Where a call goes that has been refused: only for want of a budget, and only where there are targets for such. */
    public Optional<Plan> insteadOf(Refusal refusal) {
        return refusal.code() == ErrorCode.POLICY_BUDGET_EXCEEDED && !budget.isEmpty()
                ? Optional.of(new Plan(model, budget))
                : Optional.empty();
    }
}
