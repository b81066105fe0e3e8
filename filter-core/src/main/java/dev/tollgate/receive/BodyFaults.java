package dev.tollgate.receive;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeoutException;

/** What can be wrong with a request body whoever reads it, as its caller is told. */
final class BodyFaults {
    private BodyFaults() {}

    static Refusal tooLarge(long maxBytes, String setting) {
        return new Refusal(
                ErrorCode.CALLER_TOO_LARGE,
                "the request body is larger than the " + maxBytes + " bytes this gateway accepts (" + setting + ")");
    }

    static Refusal readBefore() {
        return new Refusal(
                ErrorCode.CALLER_BAD_REQUEST,
                "the request body was already read by another filter of this application; map the gateway's filter "
                        + "before it");
    }

    static Refusal cutShort() {
        return new Refusal(ErrorCode.CALLER_BAD_REQUEST, "the request body ended before it was whole");
    }

    static Refusal tooSlow() {
        return new Refusal(ErrorCode.CALLER_TIMEOUT, "the request body came too slowly");
    }

    static Refusal of(Throwable cause) {
        return cause instanceof Refusal known ? known : isTimeout(cause) ? tooSlow() : cutShort();
    }

    private static boolean isTimeout(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof TimeoutException || t instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }
}
