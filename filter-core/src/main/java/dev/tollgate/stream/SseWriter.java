package dev.tollgate.stream;

import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameWriter;
import dev.tollgate.dialect.SseFrames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes frames as server-sent events. Clients take no notice of an event that is cut, so one may be passed on. */
final class SseWriter implements FrameWriter {

    @Override
    public ByteBuffer encode(Frame frame) {
        return SseFrames.encode(frame);
    }

    @Override
    public ByteBuffer comment(String line) {
        return ByteBuffer.wrap((": " + line + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean takesOnlyJson() {
        return false;
    }

    @Override
    public ByteBuffer rest(ByteBuffer remainder) {
        return remainder;
    }
}
