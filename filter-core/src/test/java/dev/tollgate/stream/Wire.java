package dev.tollgate.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.dialect.FrameWriter;
import dev.tollgate.dialect.Framing;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * What a reader made of one stream.
 *
 * @param frames its frames, those that say nothing left out
 * @param raw all bytes that came back, in order, the remainder included
 * @param remainder what was left of them after the last frame
 */
record Wire(List<Frame> frames, byte[] raw, String remainder) {

    static Wire read(Framing framing, byte[] bytes, IntUnaryOperator piece) throws BadAnswer {
        FrameReader reader = framing.reader();
        List<Frame> frames = new ArrayList<>();
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        FrameReader.FrameSink sink = (frame, came) -> {
            if (!frame.equals(Frame.COMMENT)) {
                frames.add(frame);
            }
            raw.writeBytes(bytes(came));
        };
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, piece.applyAsInt(at));
            reader.feed(ByteBuffer.wrap(bytes, at, length), sink);
            at += length;
        }
        reader.end(sink);
        byte[] rest = reader.hasRemainder() ? bytes(reader.remainder()) : new byte[0];
        raw.writeBytes(rest);
        return new Wire(frames, raw.toByteArray(), new String(rest, UTF_8));
    }

    static Wire read(Framing framing, String text) throws BadAnswer {
        return read(framing, text.getBytes(UTF_8), at -> Integer.MAX_VALUE);
    }

    static byte[] write(Framing framing, List<Frame> frames) {
        FrameWriter writer = framing.writer();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frames.forEach(frame -> out.writeBytes(bytes(writer.encode(frame))));
        out.writeBytes(bytes(writer.end()));
        return out.toByteArray();
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
