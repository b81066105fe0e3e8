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
        return of(passage, body, fetched, false);
    }

    /** The same, where another target may go on with a streamed answer that breaks off, if the request lets it. */
    public static Translation of(
            Passage passage, JsonDocument body, Map<String, Source.Inline> fetched, boolean resumes) {
        return passage.isSameDialect()
                ? new PassThrough(passage, body, resumes)
                : new Translated(passage, body, fetched, resumes, null);
    }

    /** The translation of an attempt that goes on with what another target has begun. */
    public static Translation continued(
            Passage passage, JsonDocument body, Map<String, Source.Inline> fetched, Continuation rest) {
        return new Translated(passage, body, fetched, true, rest);
    }

    /** The URLs of a request that its target cannot fetch itself; mostly none. */
    public static Set<String> unfetchable(Dialect callers, Dialect targets, JsonDocument body) {
        return targets.takesUrls() || callers.id().equals(targets.id())
                ? Set.of()
                : RemoteMedia.urls(Translated.read(callers, body));
    }
}
