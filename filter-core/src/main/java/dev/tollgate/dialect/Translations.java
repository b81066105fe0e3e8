package dev.tollgate.dialect;

import dev.tollgate.chat.Part.Source;
import dev.tollgate.json.JsonDocument;
import java.util.Map;
import java.util.Set;

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
        return of(passage, body, Map.of());
    }

    /**
     * The same, with what has been fetched of the request's URLs.
     *
     * @param fetched what is behind URLs, by URL
     */
    public static Translation of(Passage passage, JsonDocument body, Map<String, Source.Inline> fetched) {
        return passage.isSameDialect() ? new PassThrough(passage, body) : new Translated(passage, body, fetched);
    }

    /** The URLs of a request that its target cannot fetch itself; mostly none. */
    public static Set<String> unfetchable(Dialect callers, Dialect targets, JsonDocument body) {
        return targets.takesUrls() || callers.id().equals(targets.id())
                ? Set.of()
                : RemoteMedia.urls(Translated.read(callers, body));
    }
}
