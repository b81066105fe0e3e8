package dev.tollgate.dialect;

import java.nio.ByteBuffer;

/**
 * Cuts the bytes of one stream into its frames, whatever pieces the bytes arrive in. Every byte of the stream comes back in
 * the raw bytes of some frame, in order.
 */
public interface FrameReader {
    /** The most bytes one frame may have. */
    int MAX_FRAME_BYTES = 4 << 20;

    /** Takes the frames of a stream. */
    interface FrameSink {
        /**
         * @param frame the frame; {@link Frame#COMMENT} for one that says nothing
         * @param raw the bytes it came in, what ends it included; the receiver may keep them
         */
        void frame(Frame frame, ByteBuffer raw) throws BadAnswer;
    }

    /**
     * Takes the next bytes of the stream, all of them, and passes on the frames they complete.
     *
     * @throws BadAnswer when the bytes are not such a stream, a frame is larger than {@link #MAX_FRAME_BYTES}, or from the
     *     sink
     */
    void feed(ByteBuffer bytes, FrameSink sink) throws BadAnswer;

    /**
     * Notes that the stream is over. A frame that lacks nothing but what ends it is passed on, and gets that; one cut anywhere
     * else is not, and is then the {@link #remainder}.
     */
    void end(FrameSink sink) throws BadAnswer;

    /** Whether bytes of an incomplete frame are held. */
    boolean hasRemainder();

    /** The bytes of the incomplete frame. */
    ByteBuffer remainder();
}
