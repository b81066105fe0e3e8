package dev.tollgate.dialect;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Thinking.Mode;
import dev.tollgate.chat.ToolChoice;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a request asks a Claude model to think, in the words of its own API.
 *
 * @param thinking the {@code thinking} member, or null for none
 * @param effort the word for {@code output_config.effort}, or null for none
 * @param maxTokens the output limit, which includes what is thought
 */
public record ClaudeThinking(
        @Nullable ObjectNode thinking, @Nullable String effort, long maxTokens) {
    private static final long SMALLEST_BUDGET = 1024;

    /** Whether the model is asked to think. */
    public boolean thinks() {
        return thinking != null && !thinking.path("type").asString("").equals("disabled");
    }

    public static ClaudeThinking of(ChatRequest request, boolean own, WriteTerms terms) {
        Long asked = request.sampling().maxTokens();
        ClaudeThinking none = new ClaudeThinking(null, null, asked == null ? terms.defaultMaxTokens() : asked);
        Thinking thinking = request.thinking();
        if (thinking == null) {
            return none;
        }
        if (own) {
            return new ClaudeThinking(asGiven(thinking), thinking.effort(), none.maxTokens);
        }
        boolean wanted = thinking.mode() != Mode.UNSAID || thinking.effort() != null;
        if (thinking.mode() == Mode.OFF || !wanted) {
            return none;
        }
        ClaudeGeneration generation = ClaudeGeneration.of(request.model());
        ClaudeThinking plan = isPossible(request, generation) ? of(thinking, generation, asked, terms) : null;
        if (plan == null) {
            terms.dropped(Asked.EFFORT);
        }
        return plan == null ? none : plan;
    }

    private static @Nullable ObjectNode asGiven(Thinking thinking) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        return switch (thinking.mode()) {
            case ON -> {
                node.put("type", "enabled");
                yield thinking.budgetTokens() == null ? node : node.put("budget_tokens", thinking.budgetTokens());
            }
            case ADAPTIVE -> node.put("type", "adaptive");
            case OFF -> node.put("type", "disabled");
            case UNSAID -> null;
        };
    }

    /**
     * Whether Claude would accept to think here: not where it must call a tool, and, before it thought adaptively, not in the
     * middle of calling tools unless its signed thoughts come back with the calls, which not every dialect can carry.
     */
    private static boolean isPossible(ChatRequest request, ClaudeGeneration generation) {
        ToolChoice choice = request.toolChoice();
        boolean mustCall = choice instanceof ToolChoice.Required || choice instanceof ToolChoice.Named;
        if (mustCall || !generation.thinks()) {
            return false;
        }
        return generation.thinksAdaptively() || !isAmongTools(request.messages()) || lastIsSigned(request.messages());
    }

    private static boolean isAmongTools(List<Message> messages) {
        if (messages.isEmpty()) {
            return false;
        }
        Message last = messages.get(messages.size() - 1);
        return last.role() == Role.ASSISTANT || last.parts().stream().anyMatch(part -> part instanceof Part.ToolResult);
    }

    /** Whether what the model said last bears one of Claude's signatures. */
    private static boolean lastIsSigned(List<Message> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i).role() == Role.ASSISTANT) {
                return messages.get(i).parts().stream().anyMatch(ClaudeThinking::isSigned);
            }
        }
        return false;
    }

    private static boolean isSigned(Part part) {
        return part instanceof Part.Reasoning reasoning
                && reasoning.proof() != null
                && Makers.signsAsClaude(reasoning.proof());
    }

    private static @Nullable ClaudeThinking of(
            Thinking thinking, ClaudeGeneration generation, @Nullable Long asked, WriteTerms terms) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (generation.thinksAdaptively()) {
            long limit = asked == null ? terms.defaultMaxTokens() : asked;
            if (Boolean.TRUE.equals(thinking.shown()) && generation.refusesSampling()) {
                node.put("display", "summarized"); // the later ones show nothing unless they are asked to
            }
            return new ClaudeThinking(node.put("type", "adaptive"), word(thinking, generation, terms), limit);
        }
        long budget = thinking.budgetTokens() == null ? budget(thinking.effort()) : thinking.budgetTokens();
        // A limit the caller set holds for thoughts and answer together; half of it is left for the answer.
        budget = asked == null ? budget : Math.min(budget, asked / 2);
        if (budget < SMALLEST_BUDGET) {
            return null;
        }
        node.put("type", "enabled").put("budget_tokens", budget);
        return new ClaudeThinking(node, null, asked == null ? budget + terms.defaultMaxTokens() : asked);
    }

    private static @Nullable String word(Thinking thinking, ClaudeGeneration generation, WriteTerms terms) {
        String effort = thinking.effort();
        if (effort == null) {
            return null;
        }
        String word = switch (effort) {
            case "minimal" -> "low";
            case "xhigh" -> generation.knowsExtraHigh() ? effort : "high";
            default -> effort;
        };
        if (!word.equals(effort)) {
            terms.dropped(Asked.EFFORT);
        }
        return word;
    }

    private static long budget(@Nullable String effort) {
        return switch (effort == null ? "medium" : effort) {
            case "minimal" -> SMALLEST_BUDGET;
            case "low" -> 2048;
            case "high", "xhigh", "max" -> 16384;
            default -> 8192;
        };
    }
}
