package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.FinishReason.Kind;

/** The words of {@code finish_reason}. */
final class FinishWords {
    private FinishWords() {}

    static FinishReason read(String word) {
        return new FinishReason(kind(word), word, "");
    }

    private static Kind kind(String word) {
        return switch (word) {
            case "stop" -> Kind.STOP;
            case "length" -> Kind.LENGTH;
            case "tool_calls" -> Kind.TOOL_CALLS;
            case "content_filter" -> Kind.CONTENT_FILTER;
            default -> Kind.OTHER;
        };
    }

    static String write(FinishReason reason) {
        return switch (reason.kind()) {
            case LENGTH, CONTEXT_WINDOW -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER, REFUSAL -> "content_filter";
            case OTHER -> reason.raw().isEmpty() ? "stop" : reason.raw();
            case STOP, STOP_SEQUENCE, PAUSE -> "stop";
        };
    }
}
