package dev.tollgate.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.ExceptionFrames;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.json.Json;
import dev.tollgate.testing.Recordings;
import dev.tollgate.testing.Recordings.Recording;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

class EventStreamTest {
    private static final Frame DELTA = new Frame("contentBlockDelta", "{\"delta\":{\"text\":\"é\"}}");

    @Test
    void aMessageIsWrittenWithTheHeadersThatSdksRead() {
        Message message = Message.decode(new EventStreamWriter().encode(DELTA));

        assertThat(message.getHeaders())
                .containsEntry(":message-type", HeaderValue.fromString("event"))
                .containsEntry(":event-type", HeaderValue.fromString("contentBlockDelta"))
                .containsEntry(":content-type", HeaderValue.fromString("application/json"));
        assertThat(message.getPayload()).asString(UTF_8).isEqualTo(DELTA.data());
    }

    @Test
    void anExceptionIsWrittenAsOne() {
        Message message = Message.decode(
                new EventStreamWriter().encode(ExceptionFrames.of("throttlingException", "{\"message\":\"slow\"}")));

        assertThat(message.getHeaders())
                .containsEntry(":message-type", HeaderValue.fromString("exception"))
                .containsEntry(":exception-type", HeaderValue.fromString("throttlingException"))
                .doesNotContainKey(":event-type");
    }

    @Test
    void anEventInAChunkIsReadAsTheEventItself() throws BadAnswer {
        String payload = "{\"bytes\":\"eyJ0eXBlIjoicGluZyJ9\",\"p\":\"abcdef\"}";

        assertThat(read(message(Map.of(":message-type", "event", ":event-type", "chunk"), payload)))
                .containsExactly(new Frame(null, "{\"type\":\"ping\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"bytes\":7}", "{\"bytes\":\"***\"}", "nothing", ""})
    void aChunkWithoutBytesIsABadAnswer(String payload) {
        assertBad(message(Map.of(":message-type", "event", ":event-type", "chunk"), payload), "holds no bytes");
    }

    @Test
    void anErrorOfTheFramingItselfIsAnException() throws BadAnswer {
        byte[] error = message(
                Map.of(":message-type", "error", ":error-code", "InternalError", ":error-message", "it broke"), "");

        Frame frame = read(error).get(0);

        assertThat(frame).isEqualTo(ExceptionFrames.of("InternalError", "it broke"));
        assertThat(ExceptionFrames.read(frame).message()).isEqualTo("it broke");
    }

    @Test
    void aWrongChecksumOfThePreludeIsKnownBeforeTheMessageHasCome() {
        byte[] bytes = Wire.write(Framings.EVENT_STREAM, List.of(DELTA));
        bytes[3] ^= 4;

        assertBad(java.util.Arrays.copyOf(bytes, 12), "prelude of the wrong checksum");
    }

    @Test
    void aBitTurnedOverAnywhereIsABadAnswer() {
        byte[] whole = Wire.write(Framings.EVENT_STREAM, List.of(DELTA));
        for (int at = 0; at < whole.length; at++) {
            byte[] bytes = whole.clone();
            bytes[at] ^= 0x10;
            assertBad(bytes, "checksum");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0x7fffffffL, 0xffffffffL, FrameReader.MAX_FRAME_BYTES + 1L})
    void aMessageThatIsTooLongIsNotWaitedFor(long length) {
        assertBad(prelude(length, 40), "larger than 4 MiB");
    }

    @Test
    void lengthsThatCannotBeAreABadAnswer() {
        assertBad(prelude(15, 0), "lengths that cannot be");
        assertBad(prelude(0, 0), "lengths that cannot be");
        assertBad(prelude(100, 85), "lengths that cannot be");
        assertBad(prelude(1000, 0xffffffffL), "lengths that cannot be");
        assertBad(prelude(1 << 20, 200_000), "lengths that cannot be");
    }

    @Test
    void theHelloOfTheFramingSaysNothing() throws BadAnswer {
        assertThat(read(message(Map.of(":message-type", "event", ":event-type", "initial-response"), "{}")))
                .isEmpty();
    }

    @Test
    void serverSentEventsInsideOfMessagesAreReadHoweverTheyAreCut() throws BadAnswer {
        Map<String, String> part = Map.of(":message-type", "event", ":event-type", "PayloadPart");
        java.io.ByteArrayOutputStream stream = new java.io.ByteArrayOutputStream();
        for (String piece : List.of("data: {\"a\"", ":1}\n", "\ndata: {\"b\":2}\n\ndata: [DO", "NE]\n")) {
            stream.writeBytes(message(part, piece));
        }

        Wire wire = Wire.read(Framings.EVENT_STREAM, stream.toByteArray(), at -> 11);

        assertThat(wire.frames())
                .containsExactly(new Frame(null, "{\"a\":1}"), new Frame(null, "{\"b\":2}"), new Frame(null, "[DONE]"));
        assertThat(wire.raw()).isEqualTo(stream.toByteArray());
    }

    @Test
    void aHeaderThatIsNoTextIsABadAnswer() {
        byte[] bytes = Wire.bytes(new Message(
                        Map.of(
                                ":message-type",
                                HeaderValue.fromString("event"),
                                ":event-type",
                                HeaderValue.fromLong(7)),
                        new byte[0])
                .toByteBuffer());

        assertBad(bytes, "not text");
    }

    static Stream<Recording> recordings() {
        return Stream.of("bedrock/converse-stream", "bedrock/invoke-stream")
                .flatMap(api -> Recordings.of(api).stream())
                .filter(recording -> recording.streamed() && recording.status() == 200);
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void whatBedrockSentIsReadWholeAndComesBackTheSame(Recording recording) throws BadAnswer {
        Wire wire = Wire.read(Framings.EVENT_STREAM, recording.answer(), at -> 100);

        assertThat(wire.remainder()).isEmpty();
        assertThat(wire.raw()).isEqualTo(recording.answer());
        assertThat(wire.frames())
                .isNotEmpty()
                .allSatisfy(
                        frame -> assertThat(Json.read(frame.data()).isObject()).isTrue());
        byte[] again = Wire.write(Framings.EVENT_STREAM, wire.frames());
        assertThat(Wire.read(Framings.EVENT_STREAM, again, at -> 9).frames()).isEqualTo(wire.frames());
    }

    private static byte[] prelude(long length, long headers) {
        ByteBuffer prelude = ByteBuffer.allocate(12).putInt((int) length).putInt((int) headers);
        CRC32 checksum = new CRC32();
        checksum.update(prelude.array(), 0, 8);
        return prelude.putInt((int) checksum.getValue()).array();
    }

    private static byte[] message(Map<String, String> headers, String payload) {
        Map<String, HeaderValue> values = new java.util.LinkedHashMap<>();
        headers.forEach((name, value) -> values.put(name, HeaderValue.fromString(value)));
        return Wire.bytes(new Message(values, payload.getBytes(UTF_8)).toByteBuffer());
    }

    private static List<Frame> read(byte[] bytes) throws BadAnswer {
        return Wire.read(Framings.EVENT_STREAM, bytes, at -> 5).frames();
    }

    private static void assertBad(byte[] bytes, String message) {
        assertThatThrownBy(() -> read(bytes)).isInstanceOf(BadAnswer.class).hasMessageContaining(message);
    }
}
