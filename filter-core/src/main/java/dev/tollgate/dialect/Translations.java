package dev.tollgate.dialect;

import dev.tollgate.json.JsonDocument;

/** The choice between passing through and translating. */
public final class Translations {
    private Translations() {}

    /**
     * The translation of one attempt: none at all where the target speaks the caller's dialect.
     *
     * @throws dev.tollgate.Refusal {@link dev.tollgate.ErrorCode#CALLER_BAD_REQUEST} when the body must be understood for the
     *     translation and is not a request in the caller's dialect
     */
    public static Translation of(Passage passage, JsonDocument body) {
        return passage.isSameDialect() ? new PassThrough(passage, body) : new Translated(passage, body);
    }
}
