package dev.tollgate.testing;

import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.dialect.Framing;
import dev.tollgate.dialect.StreamObserver.Sight;
import dev.tollgate.dialect.Translation;
import dev.tollgate.stream.Framings;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** A provider's stream led through a translation, as the relay does it. */
public final class Streams {
    private final Translation.Streamed streamed;
    private final FrameReader reader;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<Sight> sights = new ArrayList<>();

    public Streams(Translation.Streamed streamed) {
        this(streamed, Framings.SSE);
    }

    /** @param answers how the provider's stream is put on the wire */
    public Streams(Translation.Streamed streamed, Framing answers) {
        this.streamed = streamed;
        this.reader = answers.reader();
    }

    /**
     * Leads a whole stream through.
     *
     * @param piece the length of the piece that begins at an offset
     */
    public static Streams through(Translation.Streamed streamed, byte[] stream, IntUnaryOperator piece)
            throws BadAnswer {
        return through(streamed, Framings.SSE, stream, piece);
    }

    /** The same for a provider's stream that is put on the wire so. */
    public static Streams through(Translation.Streamed streamed, Framing answers, byte[] stream, IntUnaryOperator piece)
            throws BadAnswer {
        Streams streams = new Streams(streamed, answers);
        for (int at = 0; at < stream.length; ) {
            int length = Math.min(stream.length - at, piece.applyAsInt(at));
            streams.feed(ByteBuffer.wrap(stream, at, length));
            at += length;
        }
        streams.end();
        return streams;
    }

    public void feed(ByteBuffer bytes) throws BadAnswer {
        reader.feed(bytes, (frame, raw) -> {
            Translation.Step step = streamed.accept(frame, raw);
            sights.add(step.sight());
            step.out().forEach(this::write);
        });
    }

    public void end() throws BadAnswer {
        reader.end((frame, raw) -> streamed.accept(frame, raw).out().forEach(this::write));
        streamed.end().forEach(this::write);
        if (streamed.complete() && reader.hasRemainder()) {
            write(streamed.rest(reader.remainder()));
        }
        write(streamed.close());
    }

    private void write(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        out.writeBytes(copy);
    }

    /** What the caller was sent. */
    public byte[] sent() {
        return out.toByteArray();
    }

    /** What each frame was. */
    public List<Sight> sights() {
        return List.copyOf(sights);
    }

    public Translation.Streamed streamed() {
        return streamed;
    }
}
