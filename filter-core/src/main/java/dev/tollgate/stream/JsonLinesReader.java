package dev.tollgate.stream;

import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;

/** Cuts a stream of JSON texts, one on a line, into its lines. An empty line says nothing. */
final class JsonLinesReader implements FrameReader {
    private final HeldBytes held = new HeldBytes();
    private int scanned;

    @Override
    public void feed(ByteBuffer bytes, FrameSink sink) throws BadAnswer {
        held.append(bytes);
        while (scanned < held.size()) {
            if (held.get(scanned++) == '\n') {
                ByteBuffer raw = held.take(scanned);
                scanned = 0;
                sink.frame(frame(raw), raw);
            }
        }
        if (held.size() > MAX_FRAME_BYTES) {
            throw new BadAnswer("a line of the stream is larger than " + (MAX_FRAME_BYTES >> 20) + " MiB");
        }
    }

    private static Frame frame(ByteBuffer line) {
        String text = text(line);
        return text.isEmpty() ? Frame.COMMENT : new Frame(null, text);
    }

    private static String text(ByteBuffer line) {
        return StandardCharsets.UTF_8.decode(line.duplicate()).toString().strip();
    }

    @Override
    public void end(FrameSink sink) throws BadAnswer {
        if (held.size() > 0 && isWhole(text(remainder()))) {
            feed(ByteBuffer.wrap(new byte[] {'\n'}), sink);
        }
    }

    private static boolean isWhole(String json) {
        try {
            return Json.read(json).isContainer();
        } catch (JacksonException e) {
            return false;
        }
    }

    @Override
    public boolean hasRemainder() {
        return held.size() > 0;
    }

    @Override
    public ByteBuffer remainder() {
        return held.peek(held.size());
    }
}
