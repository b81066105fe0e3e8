package dev.tollgate.chat;

/**
 * Why the model stopped.
 *
 * @param kind the reason in neutral terms
 * @param raw the provider's own word
 * @param stopSequence the stop sequence that was met, or an empty string
 */
public record FinishReason(Kind kind, String raw, String stopSequence) {
    /** The neutral reasons. */
    public enum Kind {
        STOP,
        STOP_SEQUENCE,
        LENGTH,
        TOOL_CALLS,
        CONTENT_FILTER,
        REFUSAL,
        PAUSE,
        CONTEXT_WINDOW,
        OTHER
    }
}
