package dev.tollgate.lease;

/** The cluster did not answer in time, or has not for a moment and is not asked. It has no stack trace: it may be thrown often. */
final class ClusterSilentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ClusterSilentException(String message) {
        super(message, null, false, false);
    }
}
