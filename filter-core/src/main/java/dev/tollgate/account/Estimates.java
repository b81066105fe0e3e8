package dev.tollgate.account;

import dev.tollgate.chat.Usage;
import org.jspecify.annotations.Nullable;

/** Usage where the provider does not report it, or its stream was cut before it could. */
final class Estimates {
    private Estimates() {}

    /**
     * @param reported what the provider said before its answer broke off, or null
     * @param input input tokens, as the request tells
     * @param output output tokens, as the answer tells so far
     */
    static Usage of(@Nullable Usage reported, long input, long output) {
        // Some say zero when they begin, and the number at the end.
        Usage base = reported == null || reported.input() == 0 ? withInput(input) : reported;
        return new Usage(
                base.uncachedInput(),
                base.cacheRead(),
                base.cacheWrite5m(),
                base.cacheWrite1h(),
                reported == null ? output : Math.max(output, reported.output()),
                base.reasoning(),
                base.audioInput(),
                base.audioOutput(),
                base.imageInput(),
                base.imageOutput(),
                base.extras());
    }

    private static Usage withInput(long tokens) {
        return new Usage(tokens, 0, 0, 0, 0, 0, 0, 0, Usage.NONE.extras());
    }
}
