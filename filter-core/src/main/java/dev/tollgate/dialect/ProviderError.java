package dev.tollgate.dialect;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A provider's error, read from its answer.
 *
 * @param status the HTTP status
 * @param type the provider's error type, or null
 * @param code the provider's error code, or null
 * @param param the request field it blames, or null
 * @param message its message
 * @param retryAfter how long it asks to wait, where its body says so; null otherwise
 */
public record ProviderError(
        int status,
        @Nullable String type,
        @Nullable String code,
        @Nullable String param,
        String message,
        @Nullable Duration retryAfter) {

    /** An error whose body says nothing about a wait. */
    public ProviderError(
            int status, @Nullable String type, @Nullable String code, @Nullable String param, String message) {
        this(status, type, code, param, message, null);
    }

    /**
     * An error in any of the shapes that providers of the OpenAI and Anthropic kind use: {@code {"error": {…}}},
     * {@code {"error": "…"}}, the members without a wrapper, {@code {"detail": …}}, or any of them in a list.
     *
     * @param body the parsed body, or null when it is not JSON
     * @param excerpt the start of the body as text; a body that is not JSON may hold anything, so nothing is quoted of it
     */
    public static ProviderError read(int status, @Nullable JsonNode body, String excerpt) {
        JsonNode whole = body != null && body.isArray() ? body.path(0) : body;
        if (whole == null || !whole.isObject()) {
            String what = excerpt.isBlank() ? "an empty body" : "a body that is no error message";
            return new ProviderError(status, null, null, null, "The provider answered " + status + " with " + what);
        }
        JsonNode inner = whole.path("error");
        JsonNode error = inner.isObject() ? inner : whole;
        String message = message(error, inner);
        return new ProviderError(
                status,
                text(error, "type"),
                text(error, "code"),
                text(error, "param"),
                message.isEmpty() ? "The provider answered " + status + " without a message" : message);
    }

    private static String message(JsonNode error, JsonNode inner) {
        if (inner.isString()) {
            return inner.stringValue();
        }
        String message = text(error, "message", "");
        if (!message.isEmpty()) {
            return message;
        }
        JsonNode detail = error.path("detail");
        return detail.isArray() ? text(detail.path(0), "msg", "") : detail.asString("");
    }

    private static @Nullable String text(JsonNode error, String member) {
        String text = text(error, member, "");
        return text.isEmpty() ? null : text;
    }

    /** A string, or a number in digits: some providers repeat the status as the code. */
    private static String text(JsonNode error, String member, String otherwise) {
        JsonNode value = error.path(member);
        return value.isString() || value.isIntegralNumber() ? value.asString() : otherwise;
    }
}
