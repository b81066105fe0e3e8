package dev.tollgate.stream;

import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.dialect.FrameWriter;
import dev.tollgate.dialect.Framing;
import dev.tollgate.dialect.SseFrames;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The framings there are. */
public enum Framings implements Framing {
    /** Server-sent events (WHATWG HTML). */
    SSE("text/event-stream") {
        @Override
        public FrameReader reader() {
            return new SseReader();
        }

        @Override
        public FrameWriter writer() {
            return new FrameWriter() {
                @Override
                public ByteBuffer encode(Frame frame) {
                    return SseFrames.encode(frame);
                }

                @Override
                public ByteBuffer end() {
                    return ByteBuffer.allocate(0);
                }
            };
        }
    };

    private final String mediaType;

    Framings(String mediaType) {
        this.mediaType = mediaType;
    }

    @Override
    public String mediaType() {
        return mediaType;
    }

    /** The framing of an answer of this media type, given in lower case and without parameters. */
    public static Optional<Framing> of(String mediaType) {
        for (Framings framing : values()) {
            if (framing.mediaType.equals(mediaType)) {
                return Optional.of(framing);
            }
        }
        return Optional.empty();
    }
}
