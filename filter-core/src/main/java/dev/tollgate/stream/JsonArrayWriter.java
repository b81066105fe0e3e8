package dev.tollgate.stream;

import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameWriter;
import dev.tollgate.dialect.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes frames as the elements of one array of JSON, which is valid however the stream ends. A comment is white space. */
final class JsonArrayWriter implements FrameWriter {
    private boolean opened;
    private boolean closed;

    @Override
    public ByteBuffer encode(Frame frame) {
        if (frame.data().isEmpty()) {
            return ascii("\n");
        }
        String before = opened ? ",\r\n" : "[";
        opened = true;
        return ByteBuffer.wrap(JsonText.utf8(before + frame.data()));
    }

    @Override
    public void passed(Frame frame, ByteBuffer raw) {
        opened = true;
    }

    @Override
    public ByteBuffer rest(ByteBuffer remainder) {
        String text = StandardCharsets.UTF_8.decode(remainder.duplicate()).toString();
        boolean closes = opened && text.strip().equals("]");
        closed |= closes;
        return closes ? remainder : NOTHING.duplicate();
    }

    @Override
    public ByteBuffer end() {
        if (closed) {
            return NOTHING.duplicate();
        }
        closed = true;
        return ascii(opened ? "]" : "[]");
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
