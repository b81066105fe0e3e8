package dev.tollgate.dialect.cohere;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.FinishReason.Kind;

/** The words of {@code finish_reason}. */
final class FinishWords {
    static final String ERROR = "ERROR";

    private FinishWords() {}

    static FinishReason read(String word) {
        return new FinishReason(kind(word), word, "");
    }

    private static Kind kind(String word) {
        return switch (word) {
            case "COMPLETE" -> Kind.STOP;
            case "STOP_SEQUENCE" -> Kind.STOP_SEQUENCE;
            case "MAX_TOKENS" -> Kind.LENGTH;
            case "TOOL_CALL" -> Kind.TOOL_CALLS;
            case "ERROR_LIMIT" -> Kind.CONTEXT_WINDOW;
            case "ERROR_TOXIC" -> Kind.CONTENT_FILTER;
            default -> Kind.OTHER;
        };
    }

    /** Whether the word says that there is no whole answer. */
    static boolean isFailure(String word) {
        return word.equals(ERROR) || word.equals("TIMEOUT");
    }

    /** @param own whether the reason was read in this dialect, whose words then stand */
    static String write(FinishReason reason, boolean own, boolean callsTools, boolean declines) {
        if (own && !reason.raw().isEmpty()) {
            return reason.raw();
        }
        return switch (reason.kind()) {
            case LENGTH, CONTEXT_WINDOW -> "MAX_TOKENS";
            case TOOL_CALLS -> "TOOL_CALL";
            case STOP_SEQUENCE -> "STOP_SEQUENCE";
            case CONTENT_FILTER, REFUSAL -> "ERROR_TOXIC";
            case OTHER -> reason.raw().isEmpty() ? plain(callsTools, declines) : ERROR; // of words that nobody knows
            case STOP, PAUSE -> plain(callsTools, declines);
        };
    }

    private static String plain(boolean callsTools, boolean declines) {
        return callsTools ? "TOOL_CALL" : declines ? "ERROR_TOXIC" : "COMPLETE";
    }
}
