package dev.tollgate.dialect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of event-stream frames (WHATWG HTML, "Server-sent events"). */
public final class SseFrames {
    private static final ByteBuffer COMMENT =
            ByteBuffer.wrap(":\n\n".getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();

    private SseFrames() {}

    /** One frame with its terminating blank line. The data of a frame is JSON or plain text. */
    public static ByteBuffer encode(Frame frame) {
        String event = frame.event();
        if (event == null && frame.data().isEmpty()) {
            return COMMENT.duplicate();
        }
        StringBuilder out = new StringBuilder(frame.data().length() + 64);
        if (event != null) {
            out.append("event: ").append(event).append('\n');
        }
        appendData(out, JsonText.wellFormed(frame.data()));
        return ByteBuffer.wrap(out.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void appendData(StringBuilder out, String data) {
        out.append("data: ");
        int from = 0;
        for (int to = data.indexOf('\n'); to >= 0; to = data.indexOf('\n', from)) {
            out.append(data, from, to).append("\ndata: ");
            from = to + 1;
        }
        out.append(data, from, data.length()).append('\n');
    }
}
