package dev.tollgate.dialect.anthropic;

import dev.tollgate.Refusal;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Error bodies as Anthropic's SDKs expect them: {@code {"type": "error", "error": {"type", "message"}, "request_id"}}. */
final class Errors {
    /** The error types of this dialect; a provider's own word stands where it is one of them. */
    private static final Set<String> TYPES = Set.of(
            "invalid_request_error",
            "authentication_error",
            "billing_error",
            "permission_error",
            "not_found_error",
            "conflict_error",
            "request_too_large",
            "rate_limit_error",
            "timeout_error",
            "api_error",
            "overloaded_error");

    private Errors() {}

    static ObjectNode body(Refusal refusal, String callId) {
        return body(refusal).put("request_id", callId);
    }

    static ObjectNode body(Refusal refusal) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("type", "error");
        body.putObject("error").put("type", type(refusal)).put("message", refusal.wholeMessage());
        return body;
    }

    private static String type(Refusal refusal) {
        String byStatus = type(refusal.status());
        // OpenAI has this one type for whatever the caller did wrong, so there the status says more.
        return refusal.providerType()
                .filter(type -> TYPES.contains(type) && !type.equals("invalid_request_error"))
                .orElse(byStatus);
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    }
}
