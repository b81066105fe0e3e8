package dev.tollgate.ledger;

import dev.tollgate.chat.Usage;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** What is added up of rows: calls of those of calls, and everything else of those of attempts. */
@SuppressWarnings("ImmutableEnumChecker") // its functions are constants without state
public enum Amount {
    CALLS(row -> row instanceof Entry.Called ? 1 : 0),
    ATTEMPTS(row -> row instanceof Entry.Ended ? 1 : 0),
    /** Input tokens neither read from nor written to a cache. */
    INPUT_TOKENS(of(Usage::uncachedInput)),
    CACHE_READ_TOKENS(of(Usage::cacheRead)),
    CACHE_WRITE_5M_TOKENS(of(Usage::cacheWrite5m)),
    CACHE_WRITE_1H_TOKENS(of(Usage::cacheWrite1h)),
    /** Output tokens, reasoning included. */
    OUTPUT_TOKENS(of(Usage::output)),
    REASONING_TOKENS(of(Usage::reasoning)),
    AUDIO_INPUT_TOKENS(of(Usage::audioInput)),
    AUDIO_OUTPUT_TOKENS(of(Usage::audioOutput)),
    IMAGE_INPUT_TOKENS(of(Usage::imageInput)),
    IMAGE_OUTPUT_TOKENS(of(Usage::imageOutput)),
    COST_NANO_USD(row -> row instanceof Entry.Ended ended ? ended.costNanoUsd().orElse(0) : 0),
    /** Attempts whose price is not known, and which the cost does not hold. */
    UNPRICED(row -> row instanceof Entry.Ended ended && ended.costNanoUsd().isEmpty() ? 1 : 0),
    /** Attempts whose usage the gateway counted, because the provider did not report it. */
    ESTIMATED(row -> row instanceof Entry.Ended ended && ended.estimated() ? 1 : 0);

    private final ToLongFunction<Entry> of;

    Amount(ToLongFunction<Entry> of) {
        this.of = of;
    }

    private static ToLongFunction<Entry> of(ToLongFunction<Usage> tokens) {
        return row -> row instanceof Entry.Ended ended ? tokens.applyAsLong(ended.usage()) : 0;
    }

    /** Its name in tables and documents, as {@code input_tokens}. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    long of(Entry row) {
        return of.applyAsLong(row);
    }
}
