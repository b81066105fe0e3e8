package dev.tollgate.ledger;

/** Rows could not be written, or a ledger could not be opened; the message says why. */
public final class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LedgerException(String message) {
        super(message);
    }

    LedgerException(String message, Throwable cause) {
        super(message, cause);
    }
}
