package dev.tollgate.forward;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.dialect.Complaint;
import dev.tollgate.health.Verdict;
import java.time.Duration;
import java.util.Locale;

/**
 * Why an attempt did not serve.
 *
 * @param refusal what the caller is told if no other target serves
 * @param status the provider's HTTP status, or 0 when it gave none
 * @param detail for the operator's log; may name addresses, never content
 */
record Shortfall(Kind kind, Refusal refusal, int status, String detail) {

    /** What kinds there are, and what each means for what comes next. */
    enum Kind {
        /** Name or TCP, or a connection that broke before anything was answered. */
        UNREACHABLE(Verdict.Kind.UNREACHABLE, Next.AGAIN),
        /** TLS: whoever is there is not trusted, which time does not mend. */
        UNTRUSTED(Verdict.Kind.UNREACHABLE, Next.ELSEWHERE),
        /** The first byte, or the rest of an answer, took too long. */
        TIMEOUT(Verdict.Kind.TIMEOUT, Next.ELSEWHERE),
        /** The credential has had its share for now. */
        RATE_LIMITED(Verdict.Kind.RATE_LIMITED, Next.ROTATE),
        /** The credential's account is spent: no wait helps. */
        SPENT(Verdict.Kind.SPENT, Next.ROTATE),
        /** The credential is not accepted, or there is none. */
        UNAUTHORIZED(Verdict.Kind.UNAUTHORIZED, Next.ROTATE),
        /** The provider has too much to do. */
        OVERLOADED(Verdict.Kind.OVERLOADED, Next.AGAIN),
        /** The provider has failed. */
        SERVER_ERROR(Verdict.Kind.SERVER_ERROR, Next.AGAIN),
        /** An answer that is none, or was cut. */
        BAD_ANSWER(Verdict.Kind.BAD_ANSWER, Next.ELSEWHERE),
        /** The gateway itself has too many calls under way to the provider. */
        BUSY(Verdict.Kind.NOTHING, Next.ELSEWHERE),
        /** The request is too long for the model. */
        CONTEXT_WINDOW(Verdict.Kind.WELL, Next.CHAIN),
        /** The provider does not want to answer what the request says. */
        CONTENT_POLICY(Verdict.Kind.WELL, Next.CHAIN),
        /** The request itself is at fault. */
        REJECTED(Verdict.Kind.WELL, Next.END),
        /** The caller's request is at fault by the gateway's own word. */
        REFUSED(Verdict.Kind.NOTHING, Next.END),
        /** The caller has left. */
        CANCELLED(Verdict.Kind.NOTHING, Next.END),
        /** The gateway is closing. */
        DRAINING(Verdict.Kind.NOTHING, Next.END),
        /** Another attempt was faster. */
        LOST(Verdict.Kind.NOTHING, Next.END);

        private final Verdict.Kind verdict;
        private final Next next;

        Kind(Verdict.Kind verdict, Next next) {
            this.verdict = verdict;
            this.next = next;
        }

        Next next() {
            return next;
        }

        /** The kind as metrics name it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind of what a provider has said. */
        static Kind of(ErrorCode code, Complaint complaint) {
            return switch (complaint) {
                case SPENT -> SPENT;
                case BAD_KEY -> UNAUTHORIZED;
                case CONTEXT_WINDOW -> CONTEXT_WINDOW;
                case CONTENT_POLICY -> CONTENT_POLICY;
                case OTHER -> of(code);
            };
        }

        private static Kind of(ErrorCode code) {
            return switch (code) {
                case PROVIDER_RATE_LIMITED -> RATE_LIMITED;
                case PROVIDER_AUTH_FAILED -> UNAUTHORIZED;
                case PROVIDER_OVERLOADED -> OVERLOADED;
                case PROVIDER_SERVER_ERROR -> SERVER_ERROR;
                case PROVIDER_TIMEOUT -> TIMEOUT;
                case PROVIDER_UNREACHABLE -> UNREACHABLE;
                case PROVIDER_BAD_RESPONSE, PROVIDER_STREAM_INTERRUPTED -> BAD_ANSWER;
                case PROVIDER_REJECTED -> REJECTED;
                default -> REFUSED;
            };
        }
    }

    /** What may help. */
    enum Next {
        /** Another credential of the same target, or another target. */
        ROTATE,
        /** Another target; where there is none, the same one after a while. */
        AGAIN,
        /** Another target, and never the same one: it may have done the work. */
        ELSEWHERE,
        /** Only the targets that are meant for this. */
        CHAIN,
        /** Nothing. */
        END
    }

    ErrorCode code() {
        return refusal.code();
    }

    /** What it says about its target. */
    Verdict verdict() {
        return new Verdict(kind.verdict, refusal.retryAfter());
    }

    /**
     * Of two shortfalls the one that tells the caller more: a wait that helps (the shorter of two) before anything else, then
     * an overload, which passes too, then whatever came last.
     */
    Shortfall orMoreTelling(Shortfall later) {
        if (kind == Kind.RATE_LIMITED && later.kind == Kind.RATE_LIMITED) {
            return waitMillis() < later.waitMillis() ? this : later;
        }
        return rank() > later.rank() ? this : later;
    }

    private int rank() {
        return switch (kind) {
            case RATE_LIMITED -> 2;
            case OVERLOADED -> 1;
            default -> 0;
        };
    }

    private long waitMillis() {
        return refusal.retryAfter().map(Duration::toMillis).orElse(Long.MAX_VALUE);
    }
}
