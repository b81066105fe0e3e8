package dev.tollgate.config;

import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * One setting: the single place that says what it is called, what it may be and what it means. The reader, the JSON Schema,
 * the reference table and the effective configuration all come of it.
 *
 * @param key its key in the file
 * @param type what its values are
 * @param required whether it must be there
 * @param fallback its value where it is not there; empty for a setting that is then absent
 * @param getter takes its value out of what has been read; empty when absent
 * @param about what it does, in Markdown, as one or two sentences
 * @param <O> what the section it belongs to describes
 */
record Setting<O, T>(
        String key,
        Type<T> type,
        boolean required,
        Optional<T> fallback,
        Function<O, Optional<T>> getter,
        String about) {

    /** A setting that must be there. */
    static <O, T> Setting<O, T> required(String key, Type<T> type, Function<O, T> getter, String about) {
        return new Setting<>(key, type, true, Optional.empty(), getter.andThen(Optional::of), about);
    }

    /** A setting that may be left out. */
    static <O, T> Setting<O, T> optional(String key, Type<T> type, Function<O, Optional<T>> getter, String about) {
        return new Setting<>(key, type, false, Optional.empty(), getter, about);
    }

    /** A setting that has a value when it is left out. */
    static <O, T> Setting<O, T> withDefault(String key, Type<T> type, T fallback, Function<O, T> getter, String about) {
        return new Setting<>(key, type, false, Optional.of(fallback), getter.andThen(Optional::of), about);
    }

    /** The value as the effective configuration shows it. */
    Optional<JsonNode> show(O owner) {
        return getter.apply(owner).map(type::show);
    }
}
