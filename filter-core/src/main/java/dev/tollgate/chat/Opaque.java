package dev.tollgate.chat;

import tools.jackson.databind.JsonNode;

/**
 * Something only its own dialect understands: a thinking signature, encrypted reasoning, a server-side tool's result. It is
 * given back only to the dialect that made it, in the place it stood at.
 *
 * @param dialect the dialect it was written in
 * @param at the path it stood at, as its caller knows it, by which it is reported where it cannot be carried
 * @param value the value, exactly as it came
 */
public record Opaque(String dialect, String at, JsonNode value) {

    /** Whether it was written in this dialect. */
    public boolean isFrom(String wanted) {
        return dialect.equals(wanted);
    }
}
