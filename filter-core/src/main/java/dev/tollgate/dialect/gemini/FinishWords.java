package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.FinishReason.Kind;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The words of {@code finishReason}, and of {@code blockReason} where a prompt was not answered at all. */
final class FinishWords {
    /** By their numbers. */
    private static final List<String> WORDS = List.of(
            "FINISH_REASON_UNSPECIFIED",
            "STOP",
            "MAX_TOKENS",
            "SAFETY",
            "RECITATION",
            "OTHER",
            "LANGUAGE",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "MALFORMED_FUNCTION_CALL",
            "IMAGE_SAFETY",
            "UNEXPECTED_TOOL_CALL",
            "TOO_MANY_TOOL_CALLS",
            "IMAGE_PROHIBITED_CONTENT",
            "NO_IMAGE",
            "IMAGE_RECITATION",
            "IMAGE_OTHER",
            "MISSING_THOUGHT_SIGNATURE");

    private FinishWords() {}

    /** The reason that a member gives; one with an empty word where it gives none. */
    static FinishReason read(JsonNode value, boolean callsTools) {
        String word = ProtoJson.word(value, WORDS).asString("");
        Kind kind = kind(word);
        return new FinishReason(kind == Kind.STOP && callsTools ? Kind.TOOL_CALLS : kind, word, "");
    }

    /** The reason why a prompt was not answered. */
    static FinishReason blocked(JsonNode promptFeedback) {
        return new FinishReason(
                Kind.CONTENT_FILTER, promptFeedback.path("blockReason").asString(""), "");
    }

    /** Whether a value says that the answer is over. */
    static boolean says(JsonNode value) {
        return (value.isString() && !value.stringValue().isEmpty()) || (value.isInt() && value.intValue() > 0);
    }

    private static Kind kind(String word) {
        return switch (word) {
            case "STOP" -> Kind.STOP;
            case "MAX_TOKENS" -> Kind.LENGTH;
            case "SAFETY",
                    "RECITATION",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "MODEL_ARMOR",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION" -> Kind.CONTENT_FILTER;
            default -> Kind.OTHER;
        };
    }

    /**
     * The word for a reason; one that was read in this dialect keeps its own.
     *
     * @param declines whether the answer holds words of refusal, which look like any text here
     */
    static String write(FinishReason reason, boolean own, boolean declines) {
        if (own && !reason.raw().isEmpty()) {
            return reason.raw();
        }
        return switch (reason.kind()) {
            case STOP -> declines ? "SAFETY" : "STOP";
            case STOP_SEQUENCE, TOOL_CALLS, PAUSE -> "STOP";
            case LENGTH, CONTEXT_WINDOW -> "MAX_TOKENS";
            case CONTENT_FILTER, REFUSAL -> "SAFETY";
            case OTHER -> other(reason.raw());
        };
    }

    private static String other(String word) {
        if (word.isEmpty()) {
            return "STOP"; // nothing was said of a reason
        }
        return WORDS.contains(word) ? word : word.equals("malformed_tool_use") ? "MALFORMED_FUNCTION_CALL" : "OTHER";
    }
}
