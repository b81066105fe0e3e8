package dev.tollgate.route;

import dev.tollgate.config.Settings;
import java.util.List;

/**
 * Where a call goes.
 *
 * @param model the configured model that answers the name asked for
 * @param candidates the targets in the order to try them, the fallbacks last; never empty
 */
public record Plan(Settings.Model model, List<Candidate> candidates) {
    public Plan {
        candidates = List.copyOf(candidates);
    }
}
