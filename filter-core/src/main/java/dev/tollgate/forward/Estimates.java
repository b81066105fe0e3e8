package dev.tollgate.forward;

import dev.tollgate.chat.Usage;
import org.jspecify.annotations.Nullable;

/** Usage counted from text, where the provider does not report it or its stream was cut before it could. */
final class Estimates {
    /** What a token is in English text, about. */
    private static final int CHARACTERS_PER_TOKEN = 4;

    private Estimates() {}

    /**
     * @param reported what the provider said before its answer broke off, or null
     * @param requestBytes the size of the request
     * @param answerCharacters characters of answer seen
     */
    static Usage of(@Nullable Usage reported, long requestBytes, long answerCharacters) {
        long output = tokens(answerCharacters);
        Usage base = reported == null || reported.input() == 0 ? withInput(tokens(requestBytes)) : reported;
        long seen = reported == null ? output : Math.max(output, reported.output());
        return new Usage(
                base.uncachedInput(),
                base.cacheRead(),
                base.cacheWrite5m(),
                base.cacheWrite1h(),
                seen,
                base.reasoning(),
                base.audioInput(),
                base.audioOutput(),
                base.extras());
    }

    private static Usage withInput(long tokens) {
        return new Usage(tokens, 0, 0, 0, 0, 0, 0, 0, Usage.NONE.extras());
    }

    private static long tokens(long characters) {
        return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }
}
