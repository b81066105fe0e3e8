package dev.tollgate.stream;

import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameWriter;
import dev.tollgate.dialect.JsonText;
import java.nio.ByteBuffer;

/** Writes frames as JSON texts, one on a line. Clients parse every line, an empty one too, so a comment is nothing. */
final class JsonLinesWriter implements FrameWriter {

    @Override
    public ByteBuffer encode(Frame frame) {
        return frame.data().isEmpty()
                ? NOTHING.duplicate()
                : ByteBuffer.wrap(JsonText.utf8(JsonText.oneLine(frame.data()) + "\n"));
    }
}
