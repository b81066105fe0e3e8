package dev.tollgate.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.dialect.Framing;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** What must hold of a reader whatever bytes it is given. */
final class FramingOracle {
    private FramingOracle() {}

    /** The frames that came before the end or the fault and say something, all raw bytes, and whether there was a fault. */
    private record Outcome(List<Frame> frames, byte[] raw, int held, boolean bad) {}

    /** A reader throws nothing but {@link BadAnswer}, loses and invents no byte, and reads the same however it is fed. */
    static void check(Framing framing, byte[] bytes) {
        Outcome whole = read(framing, bytes, at -> bytes.length);
        assertThat(whole.raw()).isEqualTo(Arrays.copyOf(bytes, whole.raw().length));
        if (!whole.bad()) {
            assertThat(whole.raw()).hasSize(bytes.length);
        }
        for (IntUnaryOperator piece : List.<IntUnaryOperator>of(at -> 1, at -> 1 + (bytes[at] & 31))) {
            Outcome inPieces = read(framing, bytes, piece);
            assertThat(inPieces.frames()).isEqualTo(whole.frames());
            assertThat(inPieces.bad()).isEqualTo(whole.bad());
            assertThat(inPieces.held()).isLessThanOrEqualTo(FrameReader.MAX_FRAME_BYTES);
        }
    }

    private static Outcome read(Framing framing, byte[] bytes, IntUnaryOperator piece) {
        FrameReader reader = framing.reader();
        List<Frame> frames = new ArrayList<>();
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        FrameReader.FrameSink sink = (frame, came) -> {
            if (!frame.equals(Frame.COMMENT)) {
                frames.add(frame);
            }
            raw.writeBytes(Wire.bytes(came));
        };
        boolean bad = false;
        try {
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, piece.applyAsInt(at));
                reader.feed(ByteBuffer.wrap(bytes, at, length), sink);
                at += length;
            }
            int before = raw.size() + reader.remainder().remaining();
            reader.end(sink);
            int after = raw.size() + reader.remainder().remaining();
            assertThat(after - before).as("only what ends a frame is added").isBetween(0, 1);
            return outcome(frames, bytes.length, raw, reader);
        } catch (BadAnswer expected) {
            bad = true;
        }
        return new Outcome(frames, raw.toByteArray(), 0, bad);
    }

    /** The byte that the end may have added is left out. */
    private static Outcome outcome(List<Frame> frames, int length, ByteArrayOutputStream raw, FrameReader reader) {
        int held = reader.hasRemainder() ? reader.remainder().remaining() : 0;
        if (held > 0) {
            raw.writeBytes(Wire.bytes(reader.remainder()));
        }
        byte[] all = raw.toByteArray();
        return new Outcome(frames, all.length > length ? Arrays.copyOf(all, length) : all, held, false);
    }
}
