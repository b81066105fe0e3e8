package dev.tollgate.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.StreamEvent.TextDelta;
import dev.tollgate.chat.Usage;
import dev.tollgate.testing.Recordings;
import dev.tollgate.testing.Recordings.Recording;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SeamTest {
    private final Dialects dialects = new Dialects(InstantSource.system());

    private static Seam told(String text) {
        Seam seam = new Seam();
        seam.tell(new TextDelta(0, 0, text));
        seam.goOn(Usage.NONE);
        return seam;
    }

    private static String text(StreamEvent told) {
        return told instanceof TextDelta delta ? delta.text() : "";
    }

    /** What was told, what the next target writes, and what of it is told; underscores are spaces, bars are lines. */
    @ParameterizedTest
    @CsvSource({
        "a_, _b, b",
        "a_, b, b",
        "a, _b, _b",
        "a|, ||b, |b",
        "a||, |b, b",
        "a_, ||b, ||b",
        "_, _b, b",
        "a_|, _|, ''",
    })
    void whiteSpaceAtTheSeamIsToldOnce(String before, String rest, String told) {
        Seam seam = told(spaced(before));
        assertThat(text(seam.tell(new TextDelta(0, 0, spaced(rest))))).isEqualTo(spaced(told));
    }

    @Test
    void whiteSpaceAtTheSeamMayComeInPieces() {
        Seam seam = told("a \n\t");
        assertThat(seam.tell(new TextDelta(0, 0, " "))).isNull();
        assertThat(seam.tell(new TextDelta(0, 0, "\n"))).isNull();
        assertThat(text(seam.tell(new TextDelta(0, 0, "\tb ")))).isEqualTo("b ");
        assertThat(text(seam.tell(new TextDelta(0, 0, "\tb")))).isEqualTo("\tb");
        assertThat(seam.text()).isEqualTo("a \n\tb \tb");
    }

    @Test
    void theNextTargetGoesOnWithTheOpenPart() {
        Seam seam = told("a");
        assertThat(seam.tell(new StreamEvent.PartEnd(0, 7))).isNull();
        assertThat(seam.tell(new TextDelta(0, 5, "b"))).isEqualTo(new TextDelta(0, 0, "b"));
        assertThat(seam.tell(new StreamEvent.PartEnd(0, 5))).isEqualTo(new StreamEvent.PartEnd(0, 0));
        assertThat(seam.tell(new TextDelta(0, 6, "c"))).isEqualTo(new TextDelta(0, 7, "c"));
    }

    @Test
    void aPartThatIsOverStaysOver() {
        Seam seam = new Seam();
        seam.tell(new TextDelta(0, 0, "a"));
        seam.tell(new StreamEvent.PartEnd(0, 0));
        seam.goOn(Usage.NONE);
        assertThat(seam.tell(new TextDelta(0, 0, "b"))).isEqualTo(new TextDelta(0, 1, "b"));
    }

    private static String spaced(String text) {
        return text.replace('_', ' ').replace('|', '\n');
    }

    // --- what providers really send

    static Stream<Recording> recordings() {
        return Stream.of("openai", "openrouter", "groq", "mistral", "xai", "deepseek", "azure", "cerebras", "together")
                .map(provider -> provider + "/chat.completions")
                .flatMap(SeamTest::recorded)
                .filter(recording -> recording.streamed() && recording.status() == 200);
    }

    private static Stream<Recording> recorded(String api) {
        try {
            return Recordings.of(api).stream();
        } catch (org.opentest4j.TestAbortedException none) {
            return Stream.empty();
        }
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("recordings")
    void answersThatAreTextCanBeGoneOnWithUntilTheyHaveAReason(Recording recording) throws BadAnswer {
        Seam seam = new Seam();
        StringBuilder text = new StringBuilder();
        for (StreamEvent event : events(recording)) {
            boolean another = event instanceof TextDelta delta && delta.choice() > 0;
            if (another || event instanceof StreamEvent.Failed) {
                return;
            }
            boolean more = event instanceof StreamEvent.OfPart
                    && !(event instanceof TextDelta || event instanceof StreamEvent.PartEnd)
                    && !(event instanceof StreamEvent.ForeignDelta);
            if (more || event instanceof StreamEvent.Finish || event instanceof StreamEvent.Chances) {
                seam.tell(event);
                assertThat(seam.text()).isNull();
                return;
            }
            seam.tell(event);
            text.append(text(event));
            if (event instanceof StreamEvent.ForeignDelta delta && seam.text() == null) {
                assertThat(delta.type()).as("what ends the text").matches("delta\\..*|logprobs");
                return;
            }
            assertThat(seam.text()).as("after %s", event).isEqualTo(text.toString());
        }
    }

    private List<StreamEvent> events(Recording recording) throws BadAnswer {
        Dialect.EventReader reader = dialects.byId("openai-chat").eventReader();
        List<StreamEvent> events = new ArrayList<>();
        String all = new String(recording.answer(), UTF_8);
        FrameReader frames = dev.tollgate.stream.Framings.SSE.reader();
        frames.feed(ByteBuffer.wrap(all.getBytes(UTF_8)), (frame, raw) -> events.addAll(reader.read(frame)));
        return events;
    }
}
