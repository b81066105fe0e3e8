package dev.tollgate.dialect;

import dev.tollgate.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

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

    /**
     * Its data as the JSON object that it must be.
     *
     * @param what what its dialect calls a frame ("an event")
     */
    public ObjectNode object(String what) throws BadAnswer {
        try {
            if (Json.read(data) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new BadAnswer(what + " of the stream is not JSON");
        }
        throw new BadAnswer(what + " of the stream is no JSON object");
    }
}
