package dev.tollgate.tariff;

import org.jspecify.annotations.Nullable;

/** A price file cannot be understood; the message says what and where in it. */
public final class PriceFileProblem extends Exception {
    private static final long serialVersionUID = 1L;

    PriceFileProblem(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    PriceFileProblem(String message) {
        this(message, null);
    }
}
