package dev.tollgate.dialect;

import dev.tollgate.chat.StreamEvent;
import dev.tollgate.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Frames that say an exception of an AWS event stream; they are the same in every dialect that comes in such a stream. */
public final class ExceptionFrames {
    private static final String PREFIX = "exception:";

    private ExceptionFrames() {}

    /** A frame that says an exception of this type. */
    public static Frame of(String type, String data) {
        return new Frame(PREFIX + type, data);
    }

    /** The exception's type; null when the frame is none. */
    public static @Nullable String type(Frame frame) {
        String event = frame.event();
        return event != null && event.startsWith(PREFIX) ? event.substring(PREFIX.length()) : null;
    }

    /** The failure that a frame tells of; null when it is no exception. */
    public static StreamEvent.@Nullable Failed read(Frame frame) {
        String type = type(frame);
        return type == null ? null : new StreamEvent.Failed(type, null, message(frame.data(), type));
    }

    private static String message(String data, String type) {
        try {
            JsonNode body = Json.read(data);
            for (String name : new String[] {"message", "Message", "originalMessage"}) {
                if (body.path(name).isString()) {
                    return body.path(name).stringValue();
                }
            }
        } catch (JacksonException notJson) {
            // An error message has its words in a header and no JSON.
        }
        return data.isBlank() ? type : data;
    }
}
