package dev.tollgate.access;

import dev.tollgate.Exchange;

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
}
