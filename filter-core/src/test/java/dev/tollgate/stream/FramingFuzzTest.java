package dev.tollgate.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tollgate.dialect.ExceptionFrames;
import dev.tollgate.dialect.Frame;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile streams. The default build reads the seeds; with {@code JAZZER_FUZZ=1} each target searches for itself. */
@Tag("fuzz")
class FramingFuzzTest {

    @MethodSource("serverSentEventSeeds")
    @FuzzTest(maxDuration = "1h")
    void serverSentEvents(byte[] data) {
        FramingOracle.check(Framings.SSE, data);
    }

    @MethodSource("eventStreamSeeds")
    @FuzzTest(maxDuration = "1h")
    void eventStreams(byte[] data) {
        FramingOracle.check(Framings.EVENT_STREAM, data);
    }

    @MethodSource("jsonArraySeeds")
    @FuzzTest(maxDuration = "1h")
    void jsonArrays(byte[] data) {
        FramingOracle.check(Framings.JSON_ARRAY, data);
    }

    @MethodSource("jsonLineSeeds")
    @FuzzTest(maxDuration = "1h")
    void jsonLines(byte[] data) {
        FramingOracle.check(Framings.JSON_LINES, data);
    }

    static Stream<byte[]> serverSentEventSeeds() {
        return texts(
                "",
                "event: message_start\ndata: {\"type\":\"message_start\"}\n\n: ping\n\ndata: [DONE]\n\n",
                "\ufeffdata: 1\r\n\r\ndata:2\rdata: 3\r\r",
                "data: a\ndata\ndata: b\n",
                "data: {\"cut",
                "event: x\n\n\n\n\r\r\n",
                "<html>");
    }

    static Stream<byte[]> eventStreamSeeds() {
        byte[] whole = Wire.write(
                Framings.EVENT_STREAM,
                List.of(
                        new Frame("messageStart", "{\"role\":\"assistant\"}"),
                        new Frame(null, "{\"type\":\"ping\"}"),
                        ExceptionFrames.of("throttlingException", "{\"message\":\"no\"}")));
        byte[] turned = whole.clone();
        turned[40] ^= 1;
        byte[] longer = whole.clone();
        longer[1] = 1;
        return Stream.of(new byte[0], whole, Arrays.copyOf(whole, 50), turned, longer, new byte[40]);
    }

    static Stream<byte[]> jsonArraySeeds() {
        return texts(
                "",
                "[]",
                "[{\"a\":\"}]\\\"\"}\n,\r\n{\"b\":[{}]}]",
                "[{}",
                "[{\"a\":\"\\",
                "{\"error\":{}}",
                "[{},]",
                "[{]}]",
                "]");
    }

    static Stream<byte[]> jsonLineSeeds() {
        return texts("", "{\"a\":1}\n\n{\"b\":2}\r\n", "{\"done\":true}", "{\"cut", "<html>\n", "\"\\ud800\"\n");
    }

    private static Stream<byte[]> texts(String... texts) {
        return Arrays.stream(texts).map(text -> text.getBytes(UTF_8));
    }
}
