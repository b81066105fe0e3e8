package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Thinking.Mode;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.ClaudeGeneration;
import dev.tollgate.dialect.ClaudeThinking;
import dev.tollgate.dialect.WriteTerms;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What another dialect's call asks for that Bedrock wants in the words of the model's own API, in {@code
 * additionalModelRequestFields}.
 */
final class ModelWords {
    private final ChatRequest request;
    private final WriteTerms terms;
    private final ModelFamily family;
    private final ObjectNode fields = JsonNodeFactory.instance.objectNode();
    private @Nullable Long maxTokens;
    private boolean thinks;

    ModelWords(ChatRequest request, ModelFamily family, WriteTerms terms) {
        this.request = request;
        this.family = family;
        this.terms = terms;
        this.maxTokens = request.sampling().maxTokens();
        thinking(request.thinking());
        topK(request.sampling().topK());
    }

    /** The fields; empty where nothing is asked for. */
    ObjectNode fields() {
        return fields;
    }

    /** The output limit, in which a Claude model's thoughts are included; null for none. */
    @Nullable
    Long maxTokens() {
        return maxTokens;
    }

    /** Whether temperature and the like would be refused. */
    boolean refusesSampling() {
        return thinks
                || (family == ModelFamily.CLAUDE
                        && ClaudeGeneration.of(request.model()).refusesSampling());
    }

    private void thinking(@Nullable Thinking thinking) {
        if (thinking == null) {
            return;
        }
        switch (family) {
            case CLAUDE -> claude();
            case NOVA -> nova(thinking);
            case GPT -> effort(thinking);
            default -> unsayable(thinking);
        }
    }

    private void claude() {
        ClaudeThinking plan = ClaudeThinking.of(request, false, terms);
        thinks = plan.thinks();
        if (plan.thinking() != null) {
            fields.set("thinking", plan.thinking());
            // Without a limit of its own Bedrock takes the model's, which holds any budget.
            boolean budgeted = plan.thinking().has("budget_tokens");
            maxTokens = maxTokens == null && budgeted ? Long.valueOf(plan.maxTokens()) : maxTokens;
        }
        if (plan.effort() != null) {
            fields.putObject("output_config").put("effort", plan.effort());
        }
    }

    /** Nova 2 reasons when told to; at its highest level it refuses a limit and all sampling. */
    private void nova(Thinking thinking) {
        if (!request.model().toLowerCase(Locale.ROOT).contains("nova-2")) {
            unsayable(thinking);
        } else if (thinking.mode() != Mode.OFF) {
            String level = level(thinking);
            fields.putObject("reasoningConfig").put("type", "enabled").put("maxReasoningEffort", level);
            if (level.equals("high")) {
                thinks = true;
                if (maxTokens != null) {
                    terms.dropped(Asked.MAX_TOKENS);
                    maxTokens = null;
                }
            }
        }
    }

    private void effort(Thinking thinking) {
        if (thinking.mode() == Mode.OFF) {
            unsayable(thinking);
        } else {
            fields.put("reasoning_effort", level(thinking));
        }
    }

    /** One of the three levels that models of several makers have. */
    private String level(Thinking thinking) {
        String effort = thinking.effort();
        if (effort == null) {
            return ofBudget(thinking.budgetTokens());
        }
        String level = switch (effort) {
            case "minimal", "low" -> "low";
            case "medium" -> "medium";
            default -> "high";
        };
        if (!level.equals(effort)) {
            terms.dropped(Asked.EFFORT);
        }
        return level;
    }

    private static String ofBudget(@Nullable Long tokens) {
        if (tokens == null) {
            return "medium";
        }
        return tokens <= 2048 ? "low" : tokens <= 8192 ? "medium" : "high";
    }

    private void unsayable(Thinking thinking) {
        boolean asksForNothing = thinking.mode() == Mode.OFF && family != ModelFamily.GPT;
        if (!asksForNothing) {
            terms.dropped(Asked.EFFORT);
        }
    }

    private void topK(@Nullable Long topK) {
        if (topK == null) {
            return;
        }
        boolean plain = family == ModelFamily.CLAUDE || family == ModelFamily.MISTRAL;
        if (plain && !refusesSampling()) {
            fields.put("top_k", topK);
        } else if (family == ModelFamily.NOVA && !thinks) {
            fields.putObject("inferenceConfig").put("topK", topK);
        } else {
            terms.dropped(Asked.TOP_K);
        }
    }
}
