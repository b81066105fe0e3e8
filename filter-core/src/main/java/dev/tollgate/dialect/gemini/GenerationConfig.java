package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Thinking.Mode;
import dev.tollgate.dialect.Fields;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads {@code generationConfig}: how the answer is drawn, what form it has, how much is thought before it. */
final class GenerationConfig {
    static final String JSON = "application/json";

    private static final List<String> LEVELS =
            List.of("THINKING_LEVEL_UNSPECIFIED", "LOW", "HIGH", "MEDIUM", "MINIMAL");

    private final @Nullable Fields config;

    GenerationConfig(@Nullable Fields config) {
        this.config = config;
        if (config != null && isTextAlone(config.peek("responseModalities"))) {
            config.label("responseModalities");
        }
    }

    private static boolean isTextAlone(@Nullable JsonNode modalities) {
        return modalities != null
                && modalities.size() == 1
                && modalities.path(0).asString("").equalsIgnoreCase("text");
    }

    Sampling sampling() {
        if (config == null) {
            return new Sampling(null, null, null, null, null, null, null, null, null, List.of());
        }
        return new Sampling(
                config.whole("maxOutputTokens"),
                config.number("temperature"),
                config.number("topP"),
                topK(config),
                config.number("frequencyPenalty"),
                config.number("presencePenalty"),
                config.whole("seed"),
                config.whole("candidateCount"),
                logprobs(config),
                config.texts("stopSequences"));
    }

    /** Vertex AI has a fraction here that is none. */
    private static @Nullable Long topK(Fields config) {
        JsonNode value = config.number("topK");
        if (value == null) {
            return null;
        }
        if (value.doubleValue() != Math.rint(value.doubleValue())) {
            config.refuse("topK", "a whole number");
        }
        return value.longValue();
    }

    private static @Nullable Long logprobs(Fields config) {
        JsonNode wanted = config.peek("responseLogprobs");
        if (wanted == null || !wanted.asBoolean(false)) {
            return null;
        }
        config.flag("responseLogprobs");
        Long top = config.whole("logprobs");
        return top == null ? Long.valueOf(0) : top;
    }

    @Nullable
    OutputFormat output() {
        JsonNode given = config == null ? null : config.peek("responseMimeType");
        String type = given == null ? "" : given.asString("");
        if (config == null || type.equals("text/plain")) {
            if (config != null) {
                config.label("responseMimeType");
            }
            return null;
        }
        if (!type.equals(JSON)) {
            return null;
        }
        config.take("responseMimeType");
        JsonNode schema = RequestReader.schema(config, "responseJsonSchema", "responseSchema");
        return schema == null ? new OutputFormat.Json() : new OutputFormat.Schema(null, null, schema, null);
    }

    @Nullable
    Thinking thinking() {
        Fields thinking = config == null ? null : config.object("thinkingConfig");
        if (thinking == null) {
            return null;
        }
        Long budget = thinking.whole("thinkingBudget");
        String effort = level(thinking);
        Boolean shown = thinking.flag("includeThoughts");
        if (budget == null && effort == null && shown == null) {
            return null;
        }
        Mode mode = budget == null && effort == null ? Mode.UNSAID : mode(budget);
        boolean tokens = budget != null && budget > 0;
        return new Thinking(mode, effort, tokens ? budget : null, shown);
    }

    private static Mode mode(@Nullable Long budget) {
        if (budget != null && budget == 0) {
            return Mode.OFF;
        }
        return budget != null && budget < 0 ? Mode.ADAPTIVE : Mode.ON;
    }

    private static @Nullable String level(Fields thinking) {
        JsonNode level = thinking.peek("thinkingLevel");
        if (level == null) {
            return null;
        }
        String word = ProtoJson.word(level, LEVELS).asString("").toUpperCase(Locale.ROOT);
        if (word.isEmpty() || word.equals(LEVELS.get(0))) {
            return null;
        }
        thinking.take("thinkingLevel");
        return word.toLowerCase(Locale.ROOT);
    }
}
