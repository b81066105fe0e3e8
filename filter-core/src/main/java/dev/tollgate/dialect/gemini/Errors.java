package dev.tollgate.dialect.gemini;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.dialect.ProviderError;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Error bodies in the form of Google's APIs: {@code {"error": {"code", "message", "status", "details"}}}.
 *
 * @see <a href="https://google.aip.dev/193">AIP-193</a>
 */
final class Errors {
    private static final String TYPE = "@type";
    private static final String RPC = "type.googleapis.com/google.rpc.";

    /** The statuses of Google's APIs; a provider's own word stands where it is one of them. */
    private static final Set<String> STATUSES = Set.of(
            "CANCELLED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "UNAUTHENTICATED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS");

    private Errors() {}

    /** The HTTP status; 529 is Anthropic's own word for overload. */
    static int status(Refusal refusal) {
        return refusal.status() == 529 ? 503 : refusal.status();
    }

    static ObjectNode body(Refusal refusal) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode error = body.putObject("error")
                .put("code", status(refusal))
                .put("message", refusal.message())
                .put(
                        "status",
                        refusal.providerType().filter(STATUSES::contains).orElseGet(() -> word(status(refusal))));
        ArrayNode details = error.putArray("details");
        details.addObject()
                .put(TYPE, RPC + "ErrorInfo")
                .put("reason", reason(refusal))
                .put("domain", "tollgate.dev");
        refusal.param().ifPresent(field -> violation(field, refusal.message(), details));
        if (refusal.code() == ErrorCode.POLICY_BUDGET_EXCEEDED) {
            ObjectNode quota = details.addObject().put(TYPE, RPC + "QuotaFailure");
            quota.putArray("violations").addObject().put("description", refusal.message());
        }
        refusal.retryAfter()
                .ifPresent(
                        wait -> details.addObject().put(TYPE, RPC + "RetryInfo").put("retryDelay", seconds(wait)));
        return body;
    }

    /** The provider's own code if it gave one; otherwise ours, in Google's form. */
    private static String reason(Refusal refusal) {
        ErrorCode code = refusal.code();
        String ours = code.shortCode().toUpperCase(Locale.ROOT);
        return refusal.providerCode().orElse(ours);
    }

    private static void violation(String field, String message, ArrayNode details) {
        ObjectNode detail = details.addObject().put(TYPE, RPC + "BadRequest");
        detail.putArray("fieldViolations").addObject().put("field", field).put("description", message);
    }

    private static String seconds(Duration wait) {
        return BigDecimal.valueOf(wait.toMillis(), 3).stripTrailingZeros().toPlainString() + 's';
    }

    private static String word(int status) {
        return switch (status) {
            case 401 -> "UNAUTHENTICATED";
            case 402, 429 -> "RESOURCE_EXHAUSTED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 408, 504 -> "DEADLINE_EXCEEDED";
            case 409 -> "ABORTED";
            case 499 -> "CANCELLED";
            case 501 -> "UNIMPLEMENTED";
            case 502, 503 -> "UNAVAILABLE";
            default -> status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
        };
    }

    /** A provider's error: its type is its status, its code the reason in its details, its wait the one it asks for there. */
    static ProviderError read(int status, @Nullable JsonNode body, String excerpt) {
        ProviderError plain = ProviderError.read(status, body, excerpt);
        JsonNode whole = body != null && body.isArray() ? body.path(0) : body;
        JsonNode error = whole == null ? JsonNodeFactory.instance.missingNode() : whole.path("error");
        if (!error.isObject()) {
            return plain;
        }
        String word = error.path("status").asString("");
        String reason = detail(error, "ErrorInfo").path("reason").asString("");
        String field = detail(error, "BadRequest")
                .path("fieldViolations")
                .path(0)
                .path("field")
                .asString("");
        return new ProviderError(
                status,
                word.isEmpty() ? plain.type() : word,
                reason.isEmpty() ? null : reason,
                field.isEmpty() ? plain.param() : field,
                plain.message(),
                wait(detail(error, "RetryInfo").path("retryDelay").asString("")));
    }

    private static JsonNode detail(JsonNode error, String kind) {
        for (JsonNode detail : error.path("details")) {
            if (detail.path(TYPE).asString("").endsWith("google.rpc." + kind)) {
                return detail;
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    /** A duration as protocol buffers write it in JSON, rounded up to milliseconds. */
    private static @Nullable Duration wait(String duration) {
        if (!duration.matches("\\d{1,9}(\\.\\d{1,9})?s")) {
            return null;
        }
        BigDecimal seconds = new BigDecimal(duration.substring(0, duration.length() - 1));
        return Duration.ofMillis(
                seconds.movePointRight(3).setScale(0, RoundingMode.CEILING).longValue());
    }
}
