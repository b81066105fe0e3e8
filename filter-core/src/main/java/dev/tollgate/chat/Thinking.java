package dev.tollgate.chat;

import org.jspecify.annotations.Nullable;

/**
 * How much the model should reason before it answers.
 *
 * @param mode whether it reasons at all
 * @param effort the level in words ("minimal", "low", "medium", "high", …), or null
 * @param budgetTokens the most tokens it may spend, or null
 * @param shown whether the caller wants to read the reasoning or a summary of it; null when it did not say
 */
public record Thinking(
        Mode mode,
        @Nullable String effort,
        @Nullable Long budgetTokens,
        @Nullable Boolean shown) {
    /** Off, on, as much as the model finds right, or whatever it does when nobody says. */
    public enum Mode {
        OFF,
        ON,
        ADAPTIVE,
        UNSAID
    }
}
