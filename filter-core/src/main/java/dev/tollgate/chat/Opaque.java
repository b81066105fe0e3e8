package dev.tollgate.chat;

import tools.jackson.databind.JsonNode;

/**
 * Something only its own dialect understands: a thinking signature, encrypted reasoning, a server-side tool's result. It is
 * given back only to the dialect and the provider family that made it, in the place it stood at.
 *
 * @param dialect the dialect it was written in
 * @param family the provider family that made it; empty where that is not known, as with what a caller sends in its own
 *     dialect
 * @param at the path it stood at, as its caller knows it, by which it is reported where it cannot be carried
 * @param value the value, exactly as it came
 */
public record Opaque(String dialect, String family, String at, JsonNode value) {

    /** Something of an unknown provider. */
    public Opaque(String dialect, String at, JsonNode value) {
        this(dialect, "", at, value);
    }

    /** Whether it was written in this dialect. */
    public boolean isFrom(String wanted) {
        return dialect.equals(wanted);
    }

    /** Whether a provider of this family that is spoken to in this dialect may have made it. */
    public boolean mayBeOf(String wanted, String maker) {
        return dialect.equals(wanted) && (family.isEmpty() || family.equals(maker));
    }
}
