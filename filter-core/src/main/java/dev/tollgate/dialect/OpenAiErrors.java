package dev.tollgate.dialect;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Error bodies as OpenAI's SDKs expect them: {@code {"error": {"message", "type", "param", "code"}}}. */
public final class OpenAiErrors {
    private static final String INVALID = "invalid_request_error";

    /** OpenAI's word for an account that is spent, by which clients know that another try is vain. */
    private static final String OUT_OF_MONEY = "insufficient_quota";

    /** The error types that mean here what they mean wherever else they are used. */
    private static final Set<String> TYPES = Set.of(
            INVALID, OUT_OF_MONEY, "requests", "tokens", "server_error", "authentication_error", "permission_error");

    private OpenAiErrors() {}

    public static ObjectNode body(Refusal refusal) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error")
                .put("message", refusal.message())
                .put("type", type(refusal))
                .put("param", refusal.param().orElse(null))
                .put("code", code(refusal));
        return body;
    }

    private static String type(Refusal refusal) {
        if (refusal.code() == ErrorCode.POLICY_BUDGET_EXCEEDED) {
            return OUT_OF_MONEY;
        }
        return refusal.providerType().filter(TYPES::contains).orElseGet(() -> type(refusal.status()));
    }

    private static String type(int status) {
        if (status == 429) {
            return "requests";
        }
        return status >= 500 ? "server_error" : INVALID;
    }

    /** The provider's own code if it gave one; otherwise ours, or none where it would only repeat the status. */
    private static @Nullable String code(Refusal refusal) {
        return refusal.providerCode().orElseGet(() -> ours(refusal));
    }

    private static @Nullable String ours(Refusal refusal) {
        if (refusal.code() == ErrorCode.POLICY_BUDGET_EXCEEDED) {
            return OUT_OF_MONEY;
        }
        if (refusal.code() != ErrorCode.PROVIDER_REJECTED) {
            return refusal.code().shortCode();
        }
        return switch (refusal.status()) {
            case 401 -> "invalid_api_key";
            case 404 -> "not_found";
            case 413 -> "request_too_large";
            default -> null;
        };
    }
}
