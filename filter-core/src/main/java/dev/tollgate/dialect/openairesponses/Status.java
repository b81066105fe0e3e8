package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.FinishReason.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code status} and {@code incomplete_details}, which say together why the model stopped. */
final class Status {
    static final String COMPLETED = "completed";
    static final String INCOMPLETE = "incomplete";
    static final String IN_PROGRESS = "in_progress";
    static final String FAILED = "failed";

    private static final String DETAILS = "incomplete_details";
    private static final String LENGTH = "max_output_tokens";
    private static final String FILTER = "content_filter";

    private Status() {}

    /**
     * Why an answer stopped.
     *
     * @param calls whether it calls tools
     */
    static FinishReason read(JsonNode response, boolean calls) {
        String status = response.path("status").asString("");
        if (status.equals(COMPLETED)) {
            return new FinishReason(calls ? Kind.TOOL_CALLS : Kind.STOP, status, "");
        }
        String reason = response.path(DETAILS).path("reason").asString("");
        String word = status.equals(INCOMPLETE) && !reason.isEmpty() ? reason : status;
        return new FinishReason(kind(word), word, "");
    }

    private static Kind kind(String word) {
        return switch (word) {
            case LENGTH -> Kind.LENGTH;
            case FILTER -> Kind.CONTENT_FILTER;
            default -> Kind.OTHER;
        };
    }

    /**
     * Says why an answer stopped.
     *
     * @param declines whether it holds words of refusal, which then say it
     */
    static void write(FinishReason finish, boolean declines, ObjectNode response) {
        String reason = reason(finish, declines);
        response.put("status", reason == null ? COMPLETED : INCOMPLETE);
        if (reason == null) {
            response.putNull(DETAILS);
        } else {
            response.putObject(DETAILS).put("reason", reason);
        }
    }

    /** Whether an answer that stopped so lacks something. */
    static boolean isWhole(FinishReason finish, boolean declines) {
        return reason(finish, declines) == null;
    }

    private static @Nullable String reason(FinishReason finish, boolean declines) {
        return switch (finish.kind()) {
            case LENGTH, CONTEXT_WINDOW -> LENGTH;
            case CONTENT_FILTER -> FILTER;
            case REFUSAL -> declines ? null : FILTER;
            case OTHER -> finish.raw().isEmpty() ? null : finish.raw(); // it may say that the answer failed
            default -> null;
        };
    }
}
