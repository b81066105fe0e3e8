package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Thinking.Mode;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.WriteTerms;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes {@code thinkingConfig}: a level for models that know levels, a budget for those before. */
final class ThinkingPlan {
    private static final String BUDGET = "thinkingBudget";
    private static final String LEVEL = "thinkingLevel";

    private final Thinking thinking;
    private final Generation generation;
    private final WriteTerms terms;
    private final ObjectNode config = JsonNodeFactory.instance.objectNode();

    private ThinkingPlan(Thinking thinking, Generation generation, WriteTerms terms) {
        this.thinking = thinking;
        this.generation = generation;
        this.terms = terms;
    }

    /** The member; empty where nothing is to be said. */
    static ObjectNode of(@Nullable Thinking thinking, String model, boolean own, WriteTerms terms) {
        if (thinking == null) {
            return JsonNodeFactory.instance.objectNode();
        }
        ThinkingPlan plan = new ThinkingPlan(thinking, Generation.of(model), terms);
        if (own) {
            plan.asGiven();
        } else {
            plan.asPossible();
        }
        return plan.config;
    }

    private void asGiven() {
        if (thinking.mode() == Mode.OFF) {
            config.put(BUDGET, 0);
        } else if (thinking.mode() == Mode.ADAPTIVE) {
            config.put(BUDGET, -1);
        } else if (thinking.budgetTokens() != null) {
            config.put(BUDGET, thinking.budgetTokens());
        }
        if (thinking.effort() != null) {
            config.put(LEVEL, thinking.effort().toUpperCase(Locale.ROOT));
        }
        if (thinking.shown() != null) {
            config.put("includeThoughts", thinking.shown());
        }
    }

    private void asPossible() {
        if (!generation.thinks()) {
            if (thinking.mode() != Mode.OFF) {
                terms.dropped(Asked.EFFORT);
            }
            return;
        }
        if (thinking.mode() == Mode.OFF) {
            off();
            return;
        }
        if (generation.hasLevels()) {
            level();
        } else {
            budget();
        }
        boolean asked = thinking.mode() == Mode.ON || thinking.mode() == Mode.ADAPTIVE;
        if (thinking.shown() == null ? asked : thinking.shown()) {
            config.put("includeThoughts", true);
        }
    }

    /** The least there is, where it cannot be turned off. */
    private void off() {
        if (!generation.hasLevels() && !generation.pro()) {
            config.put(BUDGET, 0);
            return;
        }
        terms.dropped(Asked.THINKING);
        if (generation.hasLevels()) {
            config.put(LEVEL, generation.pro() ? "LOW" : "MINIMAL");
        } else {
            config.put(BUDGET, generation.leastBudget());
        }
    }

    private void level() {
        String asked = thinking.effort() == null ? ofBudget(thinking.budgetTokens()) : thinking.effort();
        if (asked == null) {
            return;
        }
        String word = switch (asked) {
            case "minimal", "low" -> generation.hasAllLevels() && !generation.pro() ? asked : "low";
            case "medium" -> generation.hasAllLevels() ? asked : "high";
            default -> "high";
        };
        if (thinking.effort() != null && !word.equals(asked)) {
            terms.dropped(Asked.EFFORT);
        }
        config.put(LEVEL, word.toUpperCase(Locale.ROOT));
    }

    private static @Nullable String ofBudget(@Nullable Long tokens) {
        if (tokens == null) {
            return null;
        }
        if (tokens <= 2048) {
            return "low";
        }
        return tokens <= 8192 ? "medium" : "high";
    }

    private void budget() {
        Long asked = thinking.budgetTokens();
        if (asked == null && thinking.effort() != null) {
            // The numbers of Google's own endpoint for OpenAI's dialect.
            asked = switch (thinking.effort()) {
                case "minimal", "low" -> 1024L;
                case "medium" -> 8192L;
                default -> generation.mostBudget();
            };
        }
        if (asked == null) {
            if (thinking.mode() != Mode.UNSAID) {
                config.put(BUDGET, -1);
            }
            return;
        }
        config.put(BUDGET, Math.max(generation.leastBudget(), Math.min(asked, generation.mostBudget())));
    }
}
