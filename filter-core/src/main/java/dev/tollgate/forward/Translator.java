package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.Continuation;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Translation;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Makes the translation of one attempt from what the call brought. */
public interface Translator {

    /**
     * @param fetched what is behind URLs of the request that its target cannot fetch itself, by URL
     * @throws dev.tollgate.Refusal when the caller's request cannot be read in its own dialect
     */
    Translation translate(Call call, Candidate candidate, Way way, Map<String, Source.Inline> fetched);

    /**
     * Makes the translation of an attempt that goes on with an answer that broke off.
     *
     * @throws dev.tollgate.Refusal as {@link #translate}
     */
    default Translation continued(
            Call call, Candidate candidate, Way way, Map<String, Source.Inline> fetched, Continuation rest) {
        throw new IllegalStateException("no answer can be gone on with");
    }

    /** The URLs of a request that a target asked in this way cannot fetch itself. */
    default Set<String> unfetchable(Call call, Way way) {
        return Set.of();
    }

    /** Whether a way is in a format that can be written. */
    default boolean speaks(Way way) {
        return true;
    }

    /** @param dialects the dialects that can be spoken, by id */
    static Translator between(Function<String, Dialect> dialects) {
        return new DialectTranslator(dialects);
    }
}
