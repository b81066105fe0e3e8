package dev.tollgate.dialect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

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
        appendData(out, frame.data());
        return ByteBuffer.wrap(out.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void appendData(StringBuilder out, String data) {
        out.append("data: ");
        for (int at = 0; at < data.length(); at++) {
            char c = data.charAt(at);
            if (c == '\n') {
                out.append("\ndata: ");
            } else if (Character.isSurrogate(c)) {
                at = appendSurrogate(out, data, at);
            } else {
                out.append(c);
            }
        }
        out.append('\n');
    }

    /**
     * Appends a pair as it is, and half of one (a provider's delta may end inside an emoji) as a JSON escape: UTF-8 has no
     * form for it, and it can only stand in a JSON string.
     *
     * @return the place of the last character taken
     */
    private static int appendSurrogate(StringBuilder out, String data, int at) {
        boolean pair = at + 1 < data.length() && Character.isSurrogatePair(data.charAt(at), data.charAt(at + 1));
        if (pair) {
            out.append(data, at, at + 2);
            return at + 1;
        }
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) data.charAt(at)));
        return at;
    }
}
