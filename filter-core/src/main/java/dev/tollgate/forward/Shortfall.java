package dev.tollgate.forward;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import java.time.Duration;

/**
 * Why an attempt did not serve.
 *
 * @param refusal what the caller is told if no other target serves
 * @param status the provider's HTTP status, or 0 when it gave none
 * @param another whether another target may be asked: not when the request itself is at fault, or the caller has left
 * @param detail for the operator's log; may name addresses, never content
 */
record Shortfall(Refusal refusal, int status, boolean another, String detail) {

    ErrorCode code() {
        return refusal.code();
    }

    /**
     * Of two shortfalls the one that tells the caller more: a wait that helps (the shorter of two) before anything else, then
     * an overload, which passes too, then whatever came last.
     */
    Shortfall orMoreTelling(Shortfall later) {
        if (code() == ErrorCode.PROVIDER_RATE_LIMITED && later.code() == ErrorCode.PROVIDER_RATE_LIMITED) {
            return waitMillis() < later.waitMillis() ? this : later;
        }
        return rank() > later.rank() ? this : later;
    }

    private int rank() {
        return switch (code()) {
            case PROVIDER_RATE_LIMITED -> 2;
            case PROVIDER_OVERLOADED -> 1;
            default -> 0;
        };
    }

    private long waitMillis() {
        return refusal.retryAfter().map(Duration::toMillis).orElse(Long.MAX_VALUE);
    }
}
