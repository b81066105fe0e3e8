package dev.tollgate.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void everyLineEndOfTheStandardEndsALine(String end) throws BadAnswer {
        assertThat(frames("event: a", end, "data: 1", end, end, "data:2", end, "data: 3", end, end))
                .containsExactly(new Frame("a", "1"), new Frame(null, "2\n3"));
    }

    @Test
    void onlyOneSpaceAfterTheColonIsTakenAway() throws BadAnswer {
        assertThat(frames("data:  two\n\ndata:none\n\ndata\n\ndata: \n\n"))
                .containsExactly(
                        new Frame(null, " two"), new Frame(null, "none"), new Frame(null, ""), new Frame(null, ""));
    }

    @Test
    void aByteOrderMarkAtTheStartIsNoPartOfTheFirstField() throws BadAnswer {
        assertThat(frames("\ufeffdata: 1\n\n\ufeffdata: 2\n\n"))
                .containsExactly(new Frame(null, "1"), new Frame(null, ""));
    }

    @Test
    void fieldsOfNoUseHereAreSkipped() throws BadAnswer {
        assertThat(frames("id: 7\nretry: 100\nother: x\nnocolon\ndata: 1\nevent: late\n\n"))
                .containsExactly(new Frame("late", "1"));
    }

    @Test
    void commentsAndEventsWithoutDataSayNothing() throws BadAnswer {
        assertThat(frames(": PROCESSING\n\n:\n\nevent: ping\n\n\ndata: 1\n: inside\n\n"))
                .containsExactly(
                        new Frame(null, ""),
                        new Frame(null, ""),
                        new Frame(null, ""),
                        new Frame(null, ""),
                        new Frame(null, "1"));
    }

    @Test
    void theLastEventNameCountsAndIsForgottenAfterItsEvent() throws BadAnswer {
        assertThat(frames("event: a\nevent: b\ndata: 1\n\ndata: 2\n\n"))
                .containsExactly(new Frame("b", "1"), new Frame(null, "2"));
    }

    @Test
    void anEventCutInALineIsTheRemainder() throws BadAnswer {
        SseReader reader = new SseReader();
        List<Frame> frames = new ArrayList<>();
        FrameReader.FrameSink sink = (frame, raw) -> frames.add(frame);

        reader.feed(bytes("data: 1\n\nevent: x\ndata: {\"cu"), sink);
        reader.end(sink);

        assertThat(frames).containsExactly(new Frame(null, "1"));
        assertThat(reader.hasRemainder()).isTrue();
        assertThat(UTF_8.decode(reader.remainder()).toString()).isEqualTo("event: x\ndata: {\"cu");
    }

    @Test
    void anEventThatLacksOnlyItsBlankLineIsPassedOnAndGetsOne() throws BadAnswer {
        SseReader reader = new SseReader();
        List<String> raws = new ArrayList<>();
        FrameReader.FrameSink sink = (frame, raw) -> raws.add(frame.data() + "|" + UTF_8.decode(raw));

        reader.feed(bytes("data: 1\n\ndata: [DONE]\n"), sink);
        reader.end(sink);

        assertThat(raws).containsExactly("1|data: 1\n\n", "[DONE]|data: [DONE]\n\n");
        assertThat(reader.hasRemainder()).isFalse();
    }

    @Test
    void anEventIsPassedOnAsSoonAsItsLastByteIsThere() throws BadAnswer {
        SseReader reader = new SseReader();
        List<Frame> frames = new ArrayList<>();

        reader.feed(bytes("data: 1\r\n\r"), (frame, raw) -> frames.add(frame));

        assertThat(frames).containsExactly(new Frame(null, "1"));
    }

    @Test
    void anEventOverTheCapIsRefused() {
        SseReader reader = new SseReader();
        ByteBuffer piece = bytes("x".repeat(64 << 10));

        assertThatThrownBy(() -> {
                    reader.feed(bytes("data: "), (frame, raw) -> {});
                    for (int i = 0; i < 65; i++) {
                        reader.feed(piece.duplicate(), (frame, raw) -> {});
                    }
                })
                .isInstanceOf(BadAnswer.class)
                .hasMessageContaining("4 MiB");
    }

    @Test
    void anEventBelowTheCapIsTakenInSmallPieces() throws BadAnswer {
        String data = "0123456789abcdef".repeat(200_000);
        SseReader reader = new SseReader();
        List<Frame> frames = new ArrayList<>();
        byte[] all = ("data: " + data + "\n\n").getBytes(UTF_8);

        for (int at = 0; at < all.length; at += 1000) {
            reader.feed(ByteBuffer.wrap(all, at, Math.min(1000, all.length - at)), (frame, raw) -> frames.add(frame));
        }

        assertThat(frames).containsExactly(new Frame(null, data));
    }

    @Property
    void anySplitGivesTheSameFramesAndEveryByteComesBack(@ForAll("streams") String stream, @ForAll long seed)
            throws BadAnswer {
        byte[] bytes = stream.getBytes(UTF_8);
        ByteArrayOutputStream raws = new ByteArrayOutputStream();
        List<Frame> frames = new ArrayList<>();
        SseReader reader = new SseReader();
        FrameReader.FrameSink sink = (frame, raw) -> {
            frames.add(frame);
            byte[] copy = new byte[raw.remaining()];
            raw.get(copy);
            raws.writeBytes(copy);
        };

        Random random = new Random(seed);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, random.nextInt(random.nextBoolean() ? 3 : 20));
            reader.feed(ByteBuffer.wrap(bytes, at, length), sink);
            at += length;
        }

        assertThat(withoutComments(frames)).isEqualTo(withoutComments(frames(stream)));
        assertThat(withoutComments(frames)).isEqualTo(PlainSse.frames(stream));
        byte[] remainder = new byte[reader.remainder().remaining()];
        reader.remainder().get(remainder);
        raws.writeBytes(remainder);
        assertThat(raws.toByteArray()).isEqualTo(bytes);
    }

    @Provide
    Arbitrary<String> streams() {
        return Arbitraries.of(
                        "\n",
                        "\r",
                        "\r\n",
                        "\n\n",
                        "data: ",
                        "data:",
                        "data",
                        "event: ",
                        "event:",
                        ": ",
                        ":",
                        "id: 1",
                        "retry",
                        "é",
                        "😀",
                        " ",
                        "{\"a\":1}",
                        "[DONE]",
                        "x",
                        "\ufeff",
                        "\0")
                .list()
                .ofMaxSize(40)
                .map(pieces -> String.join("", pieces));
    }

    private static List<Frame> withoutComments(List<Frame> frames) {
        return frames.stream()
                .filter(frame -> frame.event() != null || !frame.data().isEmpty())
                .toList();
    }

    private static List<Frame> frames(String... pieces) throws BadAnswer {
        List<Frame> frames = new ArrayList<>();
        new SseReader().feed(bytes(String.join("", pieces)), (frame, raw) -> frames.add(frame));
        return frames;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
