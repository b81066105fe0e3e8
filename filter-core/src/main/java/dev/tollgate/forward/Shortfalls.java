package dev.tollgate.forward;

import dev.tollgate.ErrorCode;
import dev.tollgate.Header;
import dev.tollgate.PlainText;
import dev.tollgate.Refusal;
import dev.tollgate.credential.CredentialException;
import dev.tollgate.dialect.Complaint;
import dev.tollgate.dialect.ProviderError;
import dev.tollgate.dialect.Translation;
import dev.tollgate.forward.Shortfall.Kind;
import dev.tollgate.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads what an attempt's failure means: whose fault it is, what the caller is told, and whether another target may help.
 * Messages name the target and the attempt, never a host.
 */
final class Shortfalls {
    private static final int LONGEST_MESSAGE = 2_000;

    /** An estimate: nobody knows when a call to the provider will have ended. */
    private static final Duration OVERLOAD_WAIT = Duration.ofSeconds(1);

    private final String target;
    private final int attempt;

    /**
     * @param target the target's label
     * @param attempt which attempt this is, from 1
     */
    Shortfalls(String target, int attempt) {
        this.target = target;
        this.attempt = attempt;
    }

    /** The attempt failed below HTTP. */
    Shortfall of(UpstreamFailure failure) {
        Refusal refusal = switch (failure.kind()) {
            case POOL_EXHAUSTED ->
                refusal(ErrorCode.GATEWAY_OVERLOADED, "too many calls to it are under way at once")
                        .retryAfter(OVERLOAD_WAIT);
            case CONNECT -> refusal(ErrorCode.PROVIDER_UNREACHABLE, "it could not be reached");
            case TLS -> refusal(ErrorCode.PROVIDER_UNREACHABLE, "no trusted connection to it could be made");
            case BROKEN -> refusal(ErrorCode.PROVIDER_UNREACHABLE, "the connection broke before it had answered");
            case PROTOCOL -> refusal(ErrorCode.PROVIDER_BAD_RESPONSE, "its answer was not proper HTTP");
            case ABORTED, CLOSED ->
                refusal(ErrorCode.GATEWAY_DRAINING, "the gateway is closing").retryAfter(OVERLOAD_WAIT);
        };
        return new Shortfall(kindOf(failure.kind()), refusal, 0, failure.kind() + ": " + failure.detail());
    }

    private static Kind kindOf(UpstreamFailure.Kind failure) {
        return switch (failure) {
            case POOL_EXHAUSTED -> Kind.BUSY;
            case CONNECT, BROKEN -> Kind.UNREACHABLE;
            case TLS -> Kind.UNTRUSTED;
            case PROTOCOL -> Kind.BAD_ANSWER;
            case ABORTED, CLOSED -> Kind.DRAINING;
        };
    }

    /** The gateway cannot say who it is, so the provider was not asked. */
    Shortfall unauthorized(CredentialException why) {
        Refusal refusal = refusal(
                ErrorCode.PROVIDER_AUTH_FAILED,
                "the gateway has no credential for it at the moment; tell the gateway's operator");
        return new Shortfall(Kind.UNAUTHORIZED, refusal, 0, String.valueOf(why.getMessage()));
    }

    /** An answer that is not one. */
    Shortfall badAnswer(int status, String what) {
        return new Shortfall(Kind.BAD_ANSWER, refusal(ErrorCode.PROVIDER_BAD_RESPONSE, what), status, what);
    }

    /** An answer in a form that the gateway does not read, and has not asked for. */
    Shortfall compressed(int status) {
        return badAnswer(status, "it compressed an answer that was asked for uncompressed");
    }

    Shortfall tooLate(int status, String what) {
        return new Shortfall(Kind.TIMEOUT, refusal(ErrorCode.PROVIDER_TIMEOUT, what), status, what);
    }

    /** A stream whose first events were an error. */
    Shortfall failedStream(int status, Refusal told) {
        Complaint complaint = Complaint.of(
                told.status(),
                told.providerType().orElse(null),
                told.providerCode().orElse(null),
                told.message());
        return new Shortfall(Kind.of(told.code(), complaint), told, status, "an error instead of a stream");
    }

    /** The call was given up by its caller. */
    Shortfall cancelled(int status) {
        Refusal refusal = new Refusal(ErrorCode.CALLER_CANCELLED, "the caller left before the answer was whole");
        return new Shortfall(Kind.CANCELLED, refusal, status, "cancelled");
    }

    /** Another attempt was faster. */
    Shortfall lost(int status) {
        return new Shortfall(
                Kind.LOST, refusal(ErrorCode.GATEWAY_HEDGE_LOST, "another target was faster"), status, "lost");
    }

    /** The call is refused for what is found out about its request while that is being sent. */
    static Shortfall refused(Refusal refusal) {
        return new Shortfall(Kind.REFUSED, refusal, 0, "the request itself: " + refusal.code());
    }

    /** An error answer of the provider. */
    Shortfall ofAnswer(int status, List<Header> headers, byte[] body, Translation translation, Instant now) {
        if (status < 400) {
            return badAnswer(status, "it answered with status " + status);
        }
        return ofError(status, headers, translation.error(status, body), translation.errorAsIs(status, body), now);
    }

    /** An error answer to a call that is not translated. */
    Shortfall ofRelayed(int status, List<Header> headers, byte[] body, Instant now) {
        if (status < 400) {
            return badAnswer(status, "it answered with status " + status);
        }
        JsonNode json = json(body);
        ProviderError error = ProviderError.read(status, json, new String(body, StandardCharsets.UTF_8));
        boolean inShape = json != null && json.path("error").isObject();
        return ofError(status, headers, error, inShape ? body : null, now);
    }

    private static @Nullable JsonNode json(byte[] body) {
        try {
            return Json.read(body);
        } catch (JacksonException e) {
            return null;
        }
    }

    private Shortfall ofError(
            int status, List<Header> headers, ProviderError error, byte @Nullable [] asIs, Instant now) {
        Complaint complaint = Complaint.of(status, error.type(), error.code(), error.message());
        ErrorCode code = codeOf(status, complaint);
        Kind kind = Kind.of(code, complaint);
        if (code == ErrorCode.PROVIDER_AUTH_FAILED) {
            // Not the caller's key: its SDK must not be told 401, nor shown a message about a key it does not know.
            String what = kind == Kind.SPENT
                    ? "the gateway's account there is spent; tell the gateway's operator"
                    : "it does not accept the gateway's credential; tell the gateway's operator";
            return new Shortfall(kind, refusal(code, what), status, "status " + status);
        }
        Refusal refusal = refusal(code, PlainText.cut(error.message(), LONGEST_MESSAGE))
                .asProviderSaid(status, type(error, headers), error.code());
        if (error.param() != null) {
            refusal = refusal.at(error.param());
        }
        if (code == ErrorCode.PROVIDER_RATE_LIMITED || code == ErrorCode.PROVIDER_OVERLOADED) {
            refusal = RetryAfter.read(headers, now)
                    .or(() -> RetryAfter.of(error))
                    .map(refusal::retryAfter)
                    .orElse(refusal);
        }
        return new Shortfall(kind, asIs == null ? refusal : refusal.verbatim(asIs), status, "status " + status);
    }

    /** The provider's word for its error; AWS says it in a header, before a colon. */
    private static @Nullable String type(ProviderError error, List<Header> headers) {
        if (error.type() != null) {
            return error.type();
        }
        return ProviderHeaders.find(headers, "x-amzn-errortype")
                .map(type -> type.substring(0, (type + ':').indexOf(':')))
                .orElse(null);
    }

    private static ErrorCode codeOf(int status, Complaint complaint) {
        boolean ours = complaint == Complaint.BAD_KEY || (complaint == Complaint.SPENT && status != 429);
        if (ours) {
            return ErrorCode.PROVIDER_AUTH_FAILED;
        }
        return complaint == Complaint.CONTENT_POLICY ? ErrorCode.PROVIDER_REJECTED : codeOf(status);
    }

    private static ErrorCode codeOf(int status) {
        return switch (status) {
            case 401, 402, 403 -> ErrorCode.PROVIDER_AUTH_FAILED;
            case 408, 424 -> ErrorCode.PROVIDER_SERVER_ERROR;
            case 429 -> ErrorCode.PROVIDER_RATE_LIMITED;
            case 503, 529 -> ErrorCode.PROVIDER_OVERLOADED;
            default -> status >= 500 ? ErrorCode.PROVIDER_SERVER_ERROR : ErrorCode.PROVIDER_REJECTED;
        };
    }

    private Refusal refusal(ErrorCode code, String what) {
        return new Refusal(code, target + ": " + what + " (attempt " + attempt + ")");
    }

    /** A span as people write it: whole seconds where it is that. */
    static String spell(Duration span) {
        return span.toMillis() % 1_000 == 0 ? span.toSeconds() + " s" : span.toMillis() + " ms";
    }
}
