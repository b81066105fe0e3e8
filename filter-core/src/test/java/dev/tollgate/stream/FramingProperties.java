package dev.tollgate.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Frame;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.node.JsonNodeFactory;

class FramingProperties {

    @Property(tries = 300)
    void whatIsWrittenIsReadHoweverItIsCut(
            @ForAll Framings framing, @ForAll("frames") List<Frame> frames, @ForAll Random random) throws BadAnswer {
        List<Frame> written = nameless(framing, frames);
        List<Frame> withSignsOfLife = new ArrayList<>();
        for (Frame frame : written) {
            withSignsOfLife.add(Frame.COMMENT);
            withSignsOfLife.add(frame);
        }
        byte[] bytes = Wire.write(framing, withSignsOfLife);

        Wire wire = Wire.read(framing, bytes, at -> 1 + random.nextInt(40));

        assertThat(wire.frames()).isEqualTo(written);
        assertThat(wire.raw()).isEqualTo(bytes);
        assertThat(wire.remainder()).isIn("", "]", "[]");
    }

    @Property(tries = 200)
    void aStreamThatIsCutGivesNoFrameThatIsNotWhole(
            @ForAll Framings framing, @ForAll("frames") List<Frame> frames, @ForAll Random random) throws BadAnswer {
        List<Frame> written = nameless(framing, frames);
        byte[] bytes = Wire.write(framing, written);
        byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));

        List<Frame> read = Wire.read(framing, cut, at -> 7).frames();

        assertThat(read).isEqualTo(written.subList(0, read.size()));
    }

    @Property(tries = 500)
    void whateverComesIsReadOrRefusedTheSameWayHoweverItIsCut(
            @ForAll Framings framing, @ForAll("frames") List<Frame> frames, @ForAll Random random) {
        byte[] bytes = Wire.write(framing, nameless(framing, frames));
        for (int faults = random.nextInt(3); faults > 0 && bytes.length > 0; faults--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }

        FramingOracle.check(framing, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
    }

    /** Lines and arrays have no names of events. */
    private static List<Frame> nameless(Framings framing, List<Frame> frames) {
        boolean named = framing == Framings.SSE || framing == Framings.EVENT_STREAM;
        return named
                ? frames
                : frames.stream().map(frame -> new Frame(null, frame.data())).toList();
    }

    @Provide
    Arbitrary<List<Frame>> frames() {
        Arbitrary<String> names = Arbitraries.of("message_start", "contentBlockDelta", "exception:throttlingException")
                .injectNull(0.4);
        Arbitrary<String> texts = Arbitraries.strings()
                .withChars('{', '}', '[', ']', '"', '\\', ',', ':', '\n', '\r', 'a', 'é', '\u2028')
                .ofMaxLength(20);
        return Combinators.combine(names, texts, texts)
                .as((name, key, value) -> new Frame(
                        name,
                        Json.text(JsonNodeFactory.instance
                                .objectNode()
                                .put(key, value)
                                .set(
                                        "nested",
                                        JsonNodeFactory.instance.arrayNode().add(value)))))
                .list()
                .ofMaxSize(6);
    }
}
