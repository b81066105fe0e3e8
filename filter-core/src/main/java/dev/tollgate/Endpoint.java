package dev.tollgate;

import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Framing;
import dev.tollgate.dialect.WireFormat;
import dev.tollgate.provider.Operation;
import dev.tollgate.stream.Framings;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, decided once from its method and path.
 *
 * @param kind what is to be done
 * @param operation what a call asks a model to do; of no meaning for other kinds
 * @param template the path as a template of bounded variety, for records and metrics
 * @param dialect the dialect that errors are printed in
 * @param format the format of the call's body; the dialect itself where it is a chat
 * @param argument the variable piece of the path (a model id), or null
 * @param streamed whether the answer is to be streamed, where the path says so; null where the body does
 * @param framing how a streamed answer is put on the wire
 */
public record Endpoint(
        Kind kind,
        Operation operation,
        String template,
        Dialect dialect,
        WireFormat format,
        @Nullable String argument,
        @Nullable Boolean streamed,
        Framing framing) {

    /** An endpoint whose calls say all that varies in their body, and stream server-sent events. */
    public Endpoint(Kind kind, String template, Dialect dialect, @Nullable String argument) {
        this(kind, Operation.CHAT, template, dialect, dialect, argument, null, Framings.SSE);
    }

    /** What is to be done. */
    public enum Kind {
        /** A call to a model. */
        CALL,
        MODELS,
        MODEL,
        METRICS,
        USAGE,
        /** What would become of a call. */
        EXPLAIN,
        READY,
        LIVE,
        HELLO,
        /** A path of ours with a method it does not have. */
        WRONG_METHOD,
        /** A path below ours that nothing is served at. */
        NOTHING
    }
}
