package dev.tollgate.dialect.anthropic;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.FinishReason.Kind;
import org.jspecify.annotations.Nullable;

/** The words of {@code stop_reason}. */
final class StopWords {
    static final String TOOL_USE = "tool_use";
    static final String REFUSAL = "refusal";

    private StopWords() {}

    static FinishReason read(String word, @Nullable String sequence) {
        return new FinishReason(kind(word), word, sequence == null ? "" : sequence);
    }

    private static Kind kind(String word) {
        return switch (word) {
            case "end_turn" -> Kind.STOP;
            case "stop_sequence" -> Kind.STOP_SEQUENCE;
            case "max_tokens" -> Kind.LENGTH;
            case TOOL_USE -> Kind.TOOL_CALLS;
            case REFUSAL -> Kind.REFUSAL;
            case "pause_turn" -> Kind.PAUSE;
            case "model_context_window_exceeded" -> Kind.CONTEXT_WINDOW;
            default -> Kind.OTHER;
        };
    }

    /**
     * The word for a reason. Callers go on by it, so an answer that calls tools says so even where its provider only says
     * that it stopped (OpenAI does when it was told which tool to call), and a refusal is one whatever it was called. A word
     * that nobody knows stays, since it may say that the answer failed (Gemini's MALFORMED_FUNCTION_CALL).
     *
     * @param own whether the reason was read in this dialect, whose words then stand
     */
    static String write(FinishReason reason, boolean own, boolean callsTools, boolean declines) {
        if (own && !reason.raw().isEmpty()) {
            return reason.raw();
        }
        return switch (reason.kind()) {
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> TOOL_USE;
            case CONTENT_FILTER, REFUSAL -> REFUSAL;
            case STOP_SEQUENCE -> "stop_sequence";
            case PAUSE -> "pause_turn";
            case CONTEXT_WINDOW -> "model_context_window_exceeded";
            case OTHER -> reason.raw().isEmpty() ? plain(callsTools, declines) : reason.raw();
            case STOP -> plain(callsTools, declines);
        };
    }

    private static String plain(boolean callsTools, boolean declines) {
        return callsTools ? TOOL_USE : declines ? REFUSAL : "end_turn";
    }
}
