package dev.tollgate.stream;

import dev.tollgate.dialect.FrameReader;
import dev.tollgate.dialect.FrameWriter;
import dev.tollgate.dialect.Framing;
import java.util.Optional;

/** The framings there are. */
public enum Framings implements Framing {
    /** Server-sent events (WHATWG HTML). */
    SSE("text/event-stream"),
    /** AWS's binary messages with checksums, as Bedrock streams. */
    EVENT_STREAM("application/vnd.amazon.eventstream"),
    /** JSON texts, one on a line. */
    JSON_LINES("application/x-ndjson"),
    /** One array of JSON objects that comes bit by bit, as Gemini streams where nothing else is asked for. */
    JSON_ARRAY("application/json");

    private final String mediaType;

    Framings(String mediaType) {
        this.mediaType = mediaType;
    }

    @Override
    public String mediaType() {
        return mediaType;
    }

    @Override
    public FrameReader reader() {
        return switch (this) {
            case SSE -> new SseReader();
            case EVENT_STREAM -> new EventStreamReader();
            case JSON_LINES -> new JsonLinesReader();
            case JSON_ARRAY -> new JsonArrayReader();
        };
    }

    @Override
    public FrameWriter writer() {
        return switch (this) {
            case SSE -> new SseWriter();
            case EVENT_STREAM -> new EventStreamWriter();
            case JSON_LINES -> new JsonLinesWriter();
            case JSON_ARRAY -> new JsonArrayWriter();
        };
    }

    /**
     * The framing of a stream of this media type, given in lower case and without parameters. Of {@code application/json} it
     * is {@link #JSON_ARRAY}; only who knows that a stream was asked for can tell that from a whole answer.
     */
    public static Optional<Framing> of(String mediaType) {
        return switch (mediaType) {
            case "text/event-stream" -> Optional.of(SSE);
            case "application/vnd.amazon.eventstream" -> Optional.of(EVENT_STREAM);
            case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/stream+json" ->
                Optional.of(JSON_LINES);
            case "application/json" -> Optional.of(JSON_ARRAY);
            default -> Optional.empty();
        };
    }
}
