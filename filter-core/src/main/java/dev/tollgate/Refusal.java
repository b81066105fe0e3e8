package dev.tollgate;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one exception that leaves a step: the call will not be answered as asked. Each dialect prints it in its own error
 * shape. The message says what happened, whose limit it was and what to do; it never carries a key, a prompt or an
 * upstream address.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final int status;
    private final @Nullable String param;
    private final @Nullable String providerType;
    private final @Nullable String providerCode;
    private final @Nullable Duration retryAfter;
    private final byte @Nullable [] verbatim;

    /** A refusal with the status that goes with its code. */
    public Refusal(ErrorCode code, String message) {
        this(code, code.status(), message, null, null, null, null, null);
    }

    private Refusal(
            ErrorCode code,
            int status,
            String message,
            @Nullable String param,
            @Nullable String providerType,
            @Nullable String providerCode,
            @Nullable Duration retryAfter,
            byte @Nullable [] verbatim) {
        super(message, null, false, false);
        this.code = code;
        this.status = status;
        this.param = param;
        this.providerType = providerType;
        this.providerCode = providerCode;
        this.retryAfter = retryAfter;
        this.verbatim = verbatim;
    }

    /** The request is malformed: {@code field} is the path of the offending value, as {@code messages[2].content}. */
    public static Refusal badField(String field, String message) {
        return new Refusal(ErrorCode.CALLER_BAD_REQUEST, message).at(field);
    }

    /** The same refusal, naming the field of the request that caused it. */
    public Refusal at(String field) {
        return new Refusal(code, status, message(), field, providerType, providerCode, retryAfter, verbatim);
    }

    /** The same refusal with the wait after which the call would get through. */
    public Refusal retryAfter(Duration wait) {
        return new Refusal(code, status, message(), param, providerType, providerCode, wait, verbatim);
    }

    /** The same refusal with a provider's own status, error type and code, which callers of another dialect get mapped. */
    public Refusal asProviderSaid(int status, @Nullable String type, @Nullable String code) {
        return new Refusal(this.code, status, message(), param, type, code, retryAfter, verbatim);
    }

    /** The same refusal, to be answered with a provider's own error body, which is already in the caller's dialect. */
    public Refusal verbatim(byte[] body) {
        return new Refusal(code, status, message(), param, providerType, providerCode, retryAfter, body);
    }

    public ErrorCode code() {
        return code;
    }

    /** The HTTP status to answer with. */
    public int status() {
        return status;
    }

    /** What happened, for the caller. */
    public String message() {
        return String.valueOf(getMessage());
    }

    /** The message with the field at fault, for dialects that have no other place for it. */
    public String wholeMessage() {
        String message = message();
        return param().filter(param -> !message.contains(param))
                .map(param -> param + ": " + message)
                .orElse(message);
    }

    /** The path of the request field at fault. */
    public Optional<String> param() {
        return Optional.ofNullable(param);
    }

    /** The error type the provider gave, in the provider's own words. */
    public Optional<String> providerType() {
        return Optional.ofNullable(providerType);
    }

    /** The error code the provider gave, in the provider's own words. */
    public Optional<String> providerCode() {
        return Optional.ofNullable(providerCode);
    }

    /** How long to wait before trying again; a client that waits that long gets through. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The error body to answer with as it is, or null when the caller's dialect is to write one. */
    public byte @Nullable [] verbatim() {
        return verbatim;
    }
}
