package dev.tollgate.stream;

import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.ExceptionFrames;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;
import tools.jackson.core.JacksonException;

/**
 * Cuts an AWS event stream into its messages: a prelude of two lengths and their checksum, headers, a payload, and a checksum
 * of all (Smithy, "Amazon Event Stream specification").
 *
 * <p>A message is a frame of its event's type and its payload; one of Bedrock's InvokeModel, which wraps a model's own event
 * in base64, is that event. SageMaker's messages carry the bytes of a stream of server-sent events, cut anywhere; their frames
 * are those events.
 */
final class EventStreamReader implements FrameReader {
    static final String CHUNK = "chunk";
    private static final String PAYLOAD_PART = "PayloadPart";

    private static final int PRELUDE_BYTES = 12;
    private static final int OVERHEAD_BYTES = PRELUDE_BYTES + Integer.BYTES;
    private static final int MAX_HEADER_BYTES = 128 << 10;

    private final HeldBytes held = new HeldBytes();
    private final SseReader inside = new SseReader();

    @Override
    public void feed(ByteBuffer bytes, FrameSink sink) throws BadAnswer {
        held.append(bytes);
        while (held.size() >= PRELUDE_BYTES) {
            int length = length(held.peek(PRELUDE_BYTES));
            if (held.size() < length) {
                return;
            }
            ByteBuffer raw = held.take(length);
            pass(message(raw.duplicate()), raw, sink);
        }
    }

    /** The length of the message that a prelude begins; its checksum is looked at first, so that no wrong length is waited for. */
    private static int length(ByteBuffer prelude) throws BadAnswer {
        CRC32 checksum = new CRC32();
        checksum.update(prelude.slice(0, PRELUDE_BYTES - Integer.BYTES));
        long length = Integer.toUnsignedLong(prelude.getInt());
        long headers = Integer.toUnsignedLong(prelude.getInt());
        if (Integer.toUnsignedLong(prelude.getInt()) != checksum.getValue()) {
            throw new BadAnswer("a message of the event stream has a prelude of the wrong checksum");
        }
        if (length > MAX_FRAME_BYTES) {
            throw new BadAnswer("an event of the stream is larger than " + (MAX_FRAME_BYTES >> 20) + " MiB");
        }
        if (headers > MAX_HEADER_BYTES || headers + OVERHEAD_BYTES > length) {
            throw new BadAnswer("a message of the event stream has lengths that cannot be");
        }
        return (int) length;
    }

    private static Message message(ByteBuffer bytes) throws BadAnswer {
        try {
            return Message.decode(bytes);
        } catch (RuntimeException e) {
            throw new BadAnswer("a message of the event stream is broken, or its checksum is wrong");
        }
    }

    private void pass(Message message, ByteBuffer raw, FrameSink sink) throws BadAnswer {
        if (text(message.getHeaders(), ":event-type", "").equals(PAYLOAD_PART)) {
            sink.frame(Frame.COMMENT, raw);
            inside.feed(ByteBuffer.wrap(message.getPayload()), innerSink(sink));
        } else {
            sink.frame(frame(message), raw);
        }
    }

    /** The raw bytes of what came inside messages have gone before. */
    private static FrameSink innerSink(FrameSink sink) {
        return (frame, raw) -> sink.frame(frame, ByteBuffer.allocate(0));
    }

    private static Frame frame(Message message) throws BadAnswer {
        String payload = new String(message.getPayload(), StandardCharsets.UTF_8);
        Map<String, HeaderValue> headers = message.getHeaders();
        return switch (text(headers, ":message-type", "event")) {
            case "event" -> event(text(headers, ":event-type", ""), payload);
            case "exception" -> ExceptionFrames.of(text(headers, ":exception-type", "exception"), payload);
            case "error" ->
                ExceptionFrames.of(text(headers, ":error-code", "error"), text(headers, ":error-message", payload));
            default -> throw new BadAnswer("a message of the event stream is of an unknown type");
        };
    }

    private static Frame event(String type, String payload) throws BadAnswer {
        return switch (type) {
            case CHUNK -> new Frame(null, unwrapped(payload));
            case "initial-response" -> Frame.COMMENT;
            default -> new Frame(type.isEmpty() ? null : type, payload);
        };
    }

    private static String unwrapped(String payload) throws BadAnswer {
        try {
            @Nullable
            String bytes = Json.read(payload).path("bytes").asStringOpt().orElse(null);
            if (bytes != null) {
                return new String(Base64.getDecoder().decode(bytes), StandardCharsets.UTF_8);
            }
        } catch (JacksonException | IllegalArgumentException e) {
            // It is no chunk, as below.
        }
        throw new BadAnswer("a chunk of the event stream holds no bytes");
    }

    private static String text(Map<String, HeaderValue> headers, String name, String otherwise) throws BadAnswer {
        HeaderValue value = headers.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return value.getString();
        } catch (IllegalStateException e) {
            throw new BadAnswer("a header of an event stream's message is not text");
        }
    }

    @Override
    public void end(FrameSink sink) throws BadAnswer {
        // A message knows its length: what is held lacks more than an end. What came inside of messages may lack just
        // that.
        inside.end(innerSink(sink));
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
