package dev.tollgate.dialect;

import org.jspecify.annotations.Nullable;

/**
 * One event of a stream, however it is put on the wire.
 *
 * @param event the event's name, or null when it has none
 * @param data its data: of server-sent events the lines joined by line feeds, elsewhere one JSON text; a frame with empty
 *     data and a null event is a comment (heartbeat)
 */
public record Frame(@Nullable String event, String data) {
    /** A frame that says nothing. */
    public static final Frame COMMENT = new Frame(null, "");
}
