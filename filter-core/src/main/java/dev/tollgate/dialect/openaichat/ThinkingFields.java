package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Thinking.Mode;
import dev.tollgate.dialect.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields in which requests of this dialect say how much to reason: OpenAI's {@code reasoning_effort}, OpenRouter's {@code
 * reasoning}, the {@code thinking} of DeepSeek, Z.AI and Moonshot, the {@code enable_thinking} of Qwen and of vLLM's templates.
 * They stay where they were for providers of this dialect.
 */
final class ThinkingFields {
    private static final String EFFORT = "reasoning_effort";

    private ThinkingFields() {}

    static @Nullable Thinking read(Fields body) {
        JsonNode reasoning = body.node().path("reasoning");
        JsonNode thinking = body.node().path("thinking");
        String effort = effort(body, reasoning);
        Boolean on = enabled(body, reasoning, thinking);
        Long budget = budget(reasoning, thinking);
        body.label(EFFORT, "reasoning", "thinking", "enable_thinking", "include_reasoning");
        if (effort == null && on == null && budget == null) {
            return null;
        }
        boolean off = Boolean.FALSE.equals(on) || "none".equals(effort);
        return off
                ? new Thinking(Mode.OFF, null, null, null)
                : new Thinking(Mode.ON, effort, budget, shown(body, reasoning));
    }

    private static @Nullable String effort(Fields body, JsonNode reasoning) {
        JsonNode plain = body.peek(EFFORT);
        if (plain != null && !plain.isString()) {
            body.refuse(EFFORT, "a string");
        }
        return plain == null ? reasoning.path("effort").asString(null) : plain.asString(null);
    }

    private static @Nullable Boolean enabled(Fields body, JsonNode reasoning, JsonNode thinking) {
        Boolean plain = flag(body.node().path("enable_thinking"));
        if (plain == null) {
            plain = flag(body.node().path("chat_template_kwargs").path("enable_thinking"));
        }
        if (plain == null) {
            plain = flag(reasoning.path("enabled"));
        }
        return switch (thinking.path("type").asString("")) {
            case "enabled", "adaptive" -> true;
            case "disabled" -> false;
            default -> plain;
        };
    }

    private static @Nullable Boolean flag(JsonNode value) {
        return value.isBoolean() ? value.booleanValue() : null;
    }

    private static @Nullable Long budget(JsonNode reasoning, JsonNode thinking) {
        JsonNode tokens = reasoning.has("max_tokens") ? reasoning.path("max_tokens") : thinking.path("budget_tokens");
        return tokens.isIntegralNumber() && tokens.canConvertToLong() ? tokens.longValue() : null;
    }

    private static @Nullable Boolean shown(Fields body, JsonNode reasoning) {
        Boolean excluded = flag(reasoning.path("exclude"));
        return excluded == null ? flag(body.node().path("include_reasoning")) : Boolean.valueOf(!excluded);
    }
}
