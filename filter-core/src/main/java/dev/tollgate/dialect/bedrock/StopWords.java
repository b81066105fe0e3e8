package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.FinishReason.Kind;
import java.util.Locale;

/** The words of {@code stopReason}. */
final class StopWords {
    private static final String TOOL_USE = "tool_use";
    private static final String FILTERED = "content_filtered";

    private StopWords() {}

    static FinishReason read(String word, String sequence) {
        return new FinishReason(kind(word), word, sequence);
    }

    private static Kind kind(String word) {
        return switch (word) {
            case "end_turn" -> Kind.STOP;
            case "stop_sequence" -> Kind.STOP_SEQUENCE;
            case "max_tokens" -> Kind.LENGTH;
            case TOOL_USE -> Kind.TOOL_CALLS;
            case "guardrail_intervened", FILTERED -> Kind.CONTENT_FILTER;
            case "model_context_window_exceeded" -> Kind.CONTEXT_WINDOW;
            // malformed_model_output and malformed_tool_use among them
            default -> Kind.OTHER;
        };
    }

    /**
     * The word for a reason. Callers go on by it, so an answer that calls tools says so even where its provider only says
     * that it stopped. A word that nobody knows may say that the answer failed, so it becomes one of those that say so.
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
            case CONTENT_FILTER, REFUSAL -> FILTERED;
            case STOP_SEQUENCE -> "stop_sequence";
            case CONTEXT_WINDOW -> "model_context_window_exceeded";
            case OTHER -> reason.raw().isEmpty() ? plain(callsTools, declines) : malformed(reason.raw());
            case STOP, PAUSE -> plain(callsTools, declines);
        };
    }

    private static String malformed(String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        return upper.contains("TOOL") || upper.contains("FUNCTION") ? "malformed_tool_use" : "malformed_model_output";
    }

    private static String plain(boolean callsTools, boolean declines) {
        return callsTools ? TOOL_USE : declines ? FILTERED : "end_turn";
    }
}
