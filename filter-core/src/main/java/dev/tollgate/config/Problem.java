package dev.tollgate.config;

import java.io.Serializable;

/**
 * Something wrong in a configuration file.
 *
 * @param file the file's name, without its folder
 * @param line the line, from 1, or 0 when the whole file is meant
 * @param column the column, from 1, or 0 when the whole file is meant
 * @param message what is wrong and what to do; never the value of a secret
 */
public record Problem(String file, int line, int column, String message) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The problem as a compiler would print it: {@code tollgate.yaml:12:7: unknown key 'wieght'}. */
    @Override
    public String toString() {
        return line == 0 ? file + ": " + message : file + ":" + line + ":" + column + ": " + message;
    }
}
