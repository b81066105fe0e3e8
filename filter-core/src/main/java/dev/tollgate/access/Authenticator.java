package dev.tollgate.access;

import dev.tollgate.ErrorCode;
import dev.tollgate.Exchange;
import dev.tollgate.PlainText;
import dev.tollgate.Refusal;

/** Finds out who is calling. */
public interface Authenticator {

    /**
     * The caller of an exchange, by the one credential it shows.
     *
     * @throws dev.tollgate.Refusal {@link dev.tollgate.ErrorCode#CALLER_NO_KEY}, {@link
     *     dev.tollgate.ErrorCode#CALLER_INVALID_KEY}, or {@link dev.tollgate.ErrorCode#CALLER_BAD_REQUEST} when two
     *     different credentials are shown
     */
    Caller identify(Exchange exchange);

    /**
     * The caller that a key is for, without the key being shown.
     *
     * @param key the name of a key
     * @throws Refusal {@link ErrorCode#CALLER_INVALID_KEY} when no key is called that, or it has expired
     */
    default Caller named(String key) {
        throw new Refusal(ErrorCode.CALLER_INVALID_KEY, "no key is called '" + PlainText.of(key, 64) + "'");
    }
}
