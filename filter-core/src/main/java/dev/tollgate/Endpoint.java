package dev.tollgate;

import dev.tollgate.dialect.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, decided once from its method and path.
 *
 * @param kind what is to be done
 * @param template the path as a template of bounded variety, for records and metrics
 * @param dialect the dialect that errors are printed in
 * @param argument the variable piece of the path (a model id), or null
 */
public record Endpoint(
        Kind kind,
        String template,
        Dialect dialect,
        @Nullable String argument) {
    /** What is to be done. */
    public enum Kind {
        CHAT,
        MODELS,
        MODEL,
        METRICS,
        READY,
        LIVE,
        HELLO,
        /** A path of ours with a method it does not have. */
        WRONG_METHOD,
        /** A path below ours that nothing is served at. */
        NOTHING
    }
}
