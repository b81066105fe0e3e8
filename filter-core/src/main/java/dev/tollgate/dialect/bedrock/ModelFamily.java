package dev.tollgate.dialect.bedrock;

import dev.tollgate.dialect.ClaudeGeneration;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Whose model an id names, as far as it tells (an ARN of an inference profile need not). What a request may hold besides what
 * Converse has for all models depends on it.
 */
enum ModelFamily {
    CLAUDE,
    NOVA,
    /** OpenAI's open models. */
    GPT,
    MISTRAL,
    OTHER,
    UNKNOWN;

    static ModelFamily of(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        if (name.contains("claude")) {
            return CLAUDE;
        }
        if (name.contains("nova")) {
            return NOVA;
        }
        if (name.contains("openai.")) {
            return GPT;
        }
        if (name.contains("mistral.")) {
            return MISTRAL;
        }
        return name.startsWith("arn:") || name.indexOf('.') < 0 ? UNKNOWN : OTHER;
    }

    /** Whether its prompts may be cached by hint. */
    boolean caches() {
        return this == CLAUDE || this == NOVA || this == UNKNOWN;
    }

    /** Whether it takes the word that a tool failed. */
    boolean knowsToolErrors() {
        return this == CLAUDE || this == NOVA || this == UNKNOWN;
    }

    /** Whether the answers of this model can be held to a schema. */
    boolean followsSchemas(String model) {
        if (this == CLAUDE) {
            return ClaudeGeneration.of(model).writesToSchema();
        }
        if (this == OTHER) {
            return Stream.of("qwen.", "deepseek.", "google.", "nvidia.", "minimax.", "moonshot")
                    .anyMatch(model.toLowerCase(Locale.ROOT)::contains);
        }
        return this != NOVA;
    }
}
