package dev.tollgate.dialect.bedrock;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Errors as AWS's SDKs expect them: a message, and the type in a header or, in a stream, as the event's own. */
final class Errors {
    /** The header that names an error's type. */
    static final String TYPE_HEADER = "x-amzn-errortype";

    private static final String VALIDATION = "ValidationException";
    private static final String THROTTLING = "ThrottlingException";
    private static final String UNAVAILABLE = "ServiceUnavailableException";
    private static final String INTERNAL = "InternalServerException";
    private static final String QUOTA = "ServiceQuotaExceededException";

    /** The types of this API; a provider's own word stands where it is one of them. */
    private static final Set<String> TYPES = Set.of(
            VALIDATION,
            THROTTLING,
            UNAVAILABLE,
            INTERNAL,
            "AccessDeniedException",
            "ResourceNotFoundException",
            "ModelTimeoutException",
            "ModelErrorException",
            "ModelNotReadyException",
            QUOTA,
            "ExpiredTokenException",
            "UnrecognizedClientException");

    private Errors() {}

    static ObjectNode body(Refusal refusal) {
        return JsonNodeFactory.instance.objectNode().put("message", refusal.wholeMessage());
    }

    static String type(Refusal refusal) {
        if (isOutOfMoney(refusal)) {
            return QUOTA;
        }
        return refusal.providerType().filter(TYPES::contains).orElseGet(() -> type(status(refusal)));
    }

    /** AWS's SDKs take throttling for something that passes, and a spent quota for something that does not. */
    private static boolean isOutOfMoney(Refusal refusal) {
        return refusal.code() == ErrorCode.POLICY_BUDGET_EXCEEDED;
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "UnrecognizedClientException";
            case 403 -> "AccessDeniedException";
            case 404 -> "ResourceNotFoundException";
            case 408, 504 -> "ModelTimeoutException";
            case 424 -> "ModelErrorException";
            case 429 -> THROTTLING;
            case 503 -> UNAVAILABLE;
            default -> status >= 500 ? INTERNAL : VALIDATION;
        };
    }

    /** The status; AWS knows no 401, no 402 and no 529. */
    static int status(Refusal refusal) {
        return switch (refusal.status()) {
            case 529 -> 503;
            default -> refusal.status();
        };
    }

    /** The status on the wire: AWS answers 403 to a credential it does not know. */
    static int statusOnTheWire(Refusal refusal) {
        int status = status(refusal);
        if (isOutOfMoney(refusal)) {
            return 400;
        }
        return status == 401 || status == 402 ? 403 : status;
    }

    /** The name of the exception event; a stream can tell of five. */
    static String event(Refusal refusal) {
        String type = isOutOfMoney(refusal) ? VALIDATION : type(refusal);
        String told = switch (type) {
            case THROTTLING, "ModelNotReadyException", QUOTA -> THROTTLING;
            case UNAVAILABLE -> UNAVAILABLE;
            case VALIDATION, "AccessDeniedException", "ResourceNotFoundException" -> VALIDATION;
            default -> refusal.code() == ErrorCode.GATEWAY_INTERNAL ? INTERNAL : "ModelStreamErrorException";
        };
        return "exception:" + told.substring(0, 1).toLowerCase(Locale.ROOT) + told.substring(1);
    }
}
