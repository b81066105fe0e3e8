package dev.tollgate;

import java.util.Locale;

/**
 * What went wrong and whose it is: the closed vocabulary that stands in records, metrics, logs and {@code x-tollgate-error},
 * so that the gateway's own 429 is never taken for a provider's.
 */
public enum ErrorCode {
    CALLER_BAD_REQUEST(400, "bad_request"),
    CALLER_NO_KEY(401, "invalid_api_key"),
    CALLER_INVALID_KEY(401, "invalid_api_key"),
    CALLER_NOT_FOUND(404, "not_found"),
    CALLER_METHOD_NOT_ALLOWED(405, "method_not_allowed"),
    CALLER_MODEL_UNKNOWN(404, "model_not_found"),
    CALLER_TIMEOUT(408, "request_timeout"),
    CALLER_TOO_LARGE(413, "request_too_large"),
    /** The client left before its answer was whole; nobody reads this status (nginx's convention). */
    CALLER_CANCELLED(499, "cancelled"),

    POLICY_MODEL_NOT_ALLOWED(403, "model_not_allowed"),
    /** The key may not see this page. */
    POLICY_NOT_ALLOWED(403, "not_allowed"),
    POLICY_RATE_LIMITED(429, "rate_limit_exceeded"),
    POLICY_CONCURRENCY_LIMITED(429, "concurrency_limit_exceeded"),
    /** A budget is spent. Not 429, which many clients retry for ever though only the next window mends it. */
    POLICY_BUDGET_EXCEEDED(402, "budget_exceeded"),
    /** The call wants more than a limit ever allows. */
    POLICY_EXCEEDS_LIMIT(400, "exceeds_limit"),
    /** A budget needs to know what the call costs, and nobody knows. */
    POLICY_UNPRICED(403, "model_unpriced"),

    /** The provider found the request itself at fault; its own status is kept. */
    PROVIDER_REJECTED(400, "provider_rejected"),
    PROVIDER_RATE_LIMITED(429, "rate_limit_exceeded"),
    PROVIDER_OVERLOADED(503, "overloaded"),
    PROVIDER_SERVER_ERROR(502, "upstream_error"),
    PROVIDER_AUTH_FAILED(502, "upstream_auth"),
    PROVIDER_UNREACHABLE(502, "upstream_unreachable"),
    PROVIDER_TIMEOUT(504, "upstream_timeout"),
    PROVIDER_BAD_RESPONSE(502, "upstream_bad_response"),
    PROVIDER_STREAM_INTERRUPTED(502, "stream_interrupted"),

    GATEWAY_OVERLOADED(503, "overloaded"),
    GATEWAY_LIMITER_UNAVAILABLE(503, "limiter_unavailable"),
    /** What calls cost cannot be written down. */
    GATEWAY_LEDGER_UNAVAILABLE(503, "ledger_unavailable"),
    GATEWAY_DRAINING(503, "draining"),
    /** The configuration is broken, so the gateway is closed. */
    GATEWAY_NOT_CONFIGURED(503, "not_configured"),
    /** The node died before the attempt ended, so what became of it is not known. Stands in the ledger only. */
    GATEWAY_ABORTED(500, "aborted"),
    /** Another attempt at the same call was faster, so this one was given up. Stands with attempts only. */
    GATEWAY_HEDGE_LOST(500, "hedge_lost"),
    GATEWAY_INTERNAL(500, "internal_error");

    private final int status;
    private final String shortCode;

    ErrorCode(int status, String shortCode) {
        this.status = status;
        this.shortCode = shortCode;
    }

    /** The HTTP status that goes with the code unless a provider's own status is kept. */
    public int status() {
        return status;
    }

    /** The code as callers see it in an error body, for example {@code rate_limit_exceeded}. */
    public String shortCode() {
        return shortCode;
    }

    /** The code as records, metrics and headers carry it, for example {@code policy_rate_limited}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the fault lies with the caller, who did something wrong or too much. */
    public boolean isCallers() {
        return name().startsWith("CALLER_") || name().startsWith("POLICY_");
    }

    /** Whether the fault lies with the provider. */
    public boolean isProviders() {
        return name().startsWith("PROVIDER_");
    }
}
