package dev.tollgate.dialect;

/** A provider's answer that cannot be understood. The message says what is wrong with it and quotes nothing from it. */
public final class BadAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    public BadAnswer(String message) {
        super(message, null, false, false);
    }
}
