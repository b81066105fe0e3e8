package dev.tollgate.credential;

/** The gateway cannot say who it is. The message says why, for the operator, and holds no secret. */
public final class CredentialException extends Exception {
    private static final long serialVersionUID = 1L;

    CredentialException(String message) {
        super(message, null, false, false);
    }

    /** What failed when a stage did: this, or something nobody foresaw, of which no more than the kind is told. */
    public static CredentialException of(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof java.util.concurrent.CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof CredentialException known
                ? known
                : new CredentialException("it failed (" + cause.getClass().getSimpleName() + ")");
    }
}
