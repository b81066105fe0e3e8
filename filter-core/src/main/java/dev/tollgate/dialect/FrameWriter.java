package dev.tollgate.dialect;

import java.nio.ByteBuffer;

/** Puts the frames of one stream on the wire. */
public interface FrameWriter {
    /** No bytes. */
    ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** Whether a frame whose data is no JSON would spoil the stream. */
    default boolean takesOnlyJson() {
        return true;
    }

    /** The bytes of the next frame, with what goes before it. A comment is a sign of life, or nothing where there is none. */
    ByteBuffer encode(Frame frame);

    /** A line for whoever reads the wire, which clients take no notice of; nothing where there is no such thing. */
    default ByteBuffer comment(String line) {
        return NOTHING.duplicate();
    }

    /** Notes that a frame went to the caller in the bytes it came in, which are of the same framing. */
    default void passed(Frame frame, ByteBuffer raw) {}

    /**
     * What a caller gets of the bytes that came after the last frame of a stream of the same framing, when that is whole;
     * nothing where they could spoil what came before.
     */
    default ByteBuffer rest(ByteBuffer remainder) {
        return NOTHING.duplicate();
    }

    /** What closes the stream after its last frame, also after an error; empty in most framings, and once it was given. */
    default ByteBuffer end() {
        return NOTHING.duplicate();
    }
}
