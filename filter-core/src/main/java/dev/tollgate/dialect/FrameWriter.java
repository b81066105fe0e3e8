package dev.tollgate.dialect;

import java.nio.ByteBuffer;

/** Puts the frames of one stream on the wire. */
public interface FrameWriter {

    /** The bytes of the next frame, with what goes before it. A comment is a sign of life, or nothing where there is none. */
    ByteBuffer encode(Frame frame);

    /** What closes the stream after its last frame, also after an error; empty in most framings. */
    ByteBuffer end();
}
