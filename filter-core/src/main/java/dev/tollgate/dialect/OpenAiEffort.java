package dev.tollgate.dialect;

import dev.tollgate.chat.Thinking;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** OpenAI's one word on how much a model should reason. */
public final class OpenAiEffort {
    private static final String HIGH = "high";

    private OpenAiEffort() {}

    /**
     * The word for a call, or none where it is best left unsaid. Another dialect's highest levels become "high", the
     * highest that every reasoning model takes.
     */
    public static Optional<String> write(Thinking thinking, String model, boolean own, WriteTerms terms) {
        if (own) {
            return Optional.ofNullable(thinking.mode() == Thinking.Mode.OFF ? "none" : thinking.effort());
        }
        if (thinking.mode() == Thinking.Mode.OFF) {
            terms.dropped(Asked.THINKING);
            return Optional.empty();
        }
        String word = asked(thinking);
        if (word == null) {
            return Optional.empty();
        }
        if (neverReasons(model)) {
            terms.dropped(thinking.effort() == null ? Asked.THINKING : Asked.EFFORT);
            return Optional.empty();
        }
        if (word.equals("xhigh") || word.equals("max")) {
            terms.dropped(Asked.EFFORT);
            word = HIGH;
        }
        return Optional.of(word);
    }

    /** What was asked for in so many words: "high" is what a model that decides for itself does anyway. */
    private static @Nullable String asked(Thinking thinking) {
        if (thinking.effort() != null) {
            boolean said =
                    thinking.mode() == Thinking.Mode.ON || !thinking.effort().equals(HIGH);
            return said ? thinking.effort() : null;
        }
        return thinking.mode() == Thinking.Mode.ON ? ofBudget(thinking.budgetTokens()) : null;
    }

    private static String ofBudget(@Nullable Long tokens) {
        if (tokens == null) {
            return "medium";
        }
        if (tokens <= 2048) {
            return "low";
        }
        return tokens <= 8192 ? "medium" : HIGH;
    }

    /** OpenAI's older models, a closed list by now, answer 400 to any word on reasoning. */
    public static boolean neverReasons(String model) {
        String name = model.substring(model.lastIndexOf('/') + 1);
        return name.startsWith("gpt-4") || name.startsWith("gpt-3.5") || name.startsWith("chatgpt-");
    }
}
