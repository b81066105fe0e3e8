package dev.tollgate.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.dialect.FrameWriter;
import dev.tollgate.json.Json;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines and arrays of JSON. */
class JsonFramingsTest {

    @Test
    void anElementIsCutWhereItsBracketsCloseAndNotInsideItsStrings() throws BadAnswer {
        String array = "[{\"a\": \"}]\\\"{\"\n, \"b\": [{}, [1]]}\n,\r\n{\"c\": \"\\\\\"}]\n";

        Wire wire = Wire.read(Framings.JSON_ARRAY, array);

        assertThat(wire.frames())
                .containsExactly(
                        new Frame(null, "{\"a\": \"}]\\\"{\" , \"b\": [{}, [1]]}"),
                        new Frame(null, "{\"c\": \"\\\\\"}"));
        assertThat(wire.remainder()).isEqualTo("]\n");
        assertThat(new String(wire.raw(), UTF_8)).isEqualTo(array);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"no\"}}",
                "<html>",
                "[1]",
                "[\"a\"]",
                "[{}{}]",
                "[{},]",
                "[,{}]",
                "[{}]x",
                "[[{}]]",
                "data: {}",
                "[{}]]",
                "null",
                "[{}\u0001"
            })
    void whatIsNoArrayOfObjectsIsABadAnswer(String text) {
        assertThatThrownBy(() -> Wire.read(Framings.JSON_ARRAY, text))
                .isInstanceOf(BadAnswer.class)
                .hasMessageContaining("not an array of JSON objects");
    }

    @Test
    void anElementOrALineWithoutEndIsNotHeldForEver() {
        byte[] much = "x".repeat(FrameReader.MAX_FRAME_BYTES).getBytes(UTF_8);
        FrameReader array = Framings.JSON_ARRAY.reader();
        FrameReader lines = Framings.JSON_LINES.reader();

        assertThatThrownBy(() -> {
                    array.feed(ByteBuffer.wrap("[{\"a\":\"".getBytes(UTF_8)), (frame, raw) -> {});
                    array.feed(ByteBuffer.wrap(much), (frame, raw) -> {});
                })
                .hasMessageContaining("larger than 4 MiB");
        assertThatThrownBy(() -> {
                    lines.feed(ByteBuffer.wrap("y".getBytes(UTF_8)), (frame, raw) -> {});
                    lines.feed(ByteBuffer.wrap(much), (frame, raw) -> {});
                })
                .hasMessageContaining("larger than 4 MiB");
    }

    @Test
    void anArrayIsValidHoweverItEnds() {
        assertThat(Wire.write(Framings.JSON_ARRAY, List.of())).asString(UTF_8).isEqualTo("[]");
        byte[] two = Wire.write(
                Framings.JSON_ARRAY,
                List.of(Frame.COMMENT, new Frame(null, "{}"), Frame.COMMENT, new Frame("error", "{\"error\":1}")));
        assertThat(Json.text(Json.read(two))).isEqualTo("[{},{\"error\":1}]");
    }

    @Test
    void anArrayThatWasPassedOnIsClosedOnceAndTakesAnErrorBeforeThat() {
        FrameWriter closedByItsMaker = Framings.JSON_ARRAY.writer();
        FrameWriter cut = Framings.JSON_ARRAY.writer();
        closedByItsMaker.passed(new Frame(null, "{}"), bytes("[{}"));
        cut.passed(new Frame(null, "{}"), bytes("[{}"));

        assertThat(text(closedByItsMaker.rest(bytes("\n]\n")))).isEqualTo("\n]\n");
        assertThat(text(closedByItsMaker.end())).isEmpty();
        assertThat(text(cut.rest(bytes(", {\"ha")))).isEmpty();
        assertThat(text(cut.encode(new Frame(null, "{\"error\":1}")))).isEqualTo(",\r\n{\"error\":1}");
        assertThat(text(cut.end())).isEqualTo("]");
        assertThat(text(cut.end())).isEmpty();
    }

    @Test
    void linesEndInEitherWayAndEmptyOnesSayNothing() throws BadAnswer {
        Wire wire = Wire.read(Framings.JSON_LINES, "{\"a\":1}\r\n\n  \n{\"b\":2}\n{\"c\"");

        assertThat(wire.frames()).containsExactly(new Frame(null, "{\"a\":1}"), new Frame(null, "{\"b\":2}"));
        assertThat(wire.remainder()).isEqualTo("{\"c\"");
    }

    @Test
    void theLastLineNeedsNoEnd() throws BadAnswer {
        assertThat(Wire.read(Framings.JSON_LINES, "{\"a\":1}\n{\"done\":true}").frames())
                .containsExactly(new Frame(null, "{\"a\":1}"), new Frame(null, "{\"done\":true}"));
    }

    @Test
    void jsonOverSeveralLinesIsWrittenOnOne() {
        byte[] line = Wire.write(Framings.JSON_LINES, List.of(new Frame("x", "{\n\"a\":\r\n1}"), Frame.COMMENT));

        assertThat(line).asString(UTF_8).isEqualTo("{ \"a\":  1}\n");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes.duplicate()).toString();
    }
}
