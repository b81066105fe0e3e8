package dev.tollgate.stream;

import dev.tollgate.dialect.ExceptionFrames;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameWriter;
import dev.tollgate.dialect.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/**
 * Writes frames as the messages of an AWS event stream, and those without a name wrapped as InvokeModel does. There is no
 * message that says nothing, so a comment is nothing.
 */
final class EventStreamWriter implements FrameWriter {

    @Override
    public ByteBuffer encode(Frame frame) {
        if (frame.equals(Frame.COMMENT)) {
            return NOTHING.duplicate();
        }
        String exception = ExceptionFrames.type(frame);
        if (exception != null) {
            return message("exception", ":exception-type", exception, JsonText.utf8(frame.data()));
        }
        @Nullable String event = frame.event();
        return event == null
                ? message("event", ":event-type", EventStreamReader.CHUNK, wrapped(frame.data()))
                : message("event", ":event-type", event, JsonText.utf8(frame.data()));
    }

    private static byte[] wrapped(String json) {
        String bytes = Base64.getEncoder().encodeToString(JsonText.utf8(json));
        return ("{\"bytes\":\"" + bytes + "\"}").getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuffer message(String kind, String typeHeader, String type, byte[] payload) {
        Map<String, HeaderValue> headers = new LinkedHashMap<>();
        headers.put(typeHeader, HeaderValue.fromString(type));
        headers.put(":content-type", HeaderValue.fromString("application/json"));
        headers.put(":message-type", HeaderValue.fromString(kind));
        return new Message(headers, payload).toByteBuffer();
    }
}
