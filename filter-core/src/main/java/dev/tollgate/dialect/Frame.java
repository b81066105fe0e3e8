package dev.tollgate.dialect;

import org.jspecify.annotations.Nullable;

/**
 * One event of an event stream (WHATWG HTML, "Server-sent events").
 *
 * @param event the event's name, or null when it has none
 * @param data its data, lines joined by line feeds; a frame with empty data and a null event is a comment (heartbeat)
 */
public record Frame(@Nullable String event, String data) {
    /** A frame that says nothing. */
    public static final Frame COMMENT = new Frame(null, "");
}
