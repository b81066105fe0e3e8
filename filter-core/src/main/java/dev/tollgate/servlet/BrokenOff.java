package dev.tollgate.servlet;

import java.io.IOException;

/** Thrown into the container to make it close a connection whose answer must not look whole. */
final class BrokenOff extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenOff() {
        super("the answer was broken off");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
