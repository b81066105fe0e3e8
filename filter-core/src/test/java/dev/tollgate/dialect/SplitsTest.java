package dev.tollgate.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.stream.Framings;
import dev.tollgate.testing.Recordings;
import dev.tollgate.testing.Recordings.Recording;
import dev.tollgate.testing.Streams;
import dev.tollgate.testing.Targets;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.node.ObjectNode;

/** Where the bytes of a provider's stream are split makes no difference to a caller, whatever the two speak. */
class SplitsTest {
    /** A longer stream is cut in fewer places, so that the whole takes seconds. */
    private static final int MOST_BYTES = 12_000;

    private static final int MOST_OF_AN_API = 3;

    private final Dialects dialects = new Dialects(InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000)));

    /** A recorded interface, what is spoken there, and how its streams are put on the wire. */
    private record Api(String folder, String dialect, Framing framing) {}

    private static List<Api> apis() {
        return List.of(
                new Api("openai/chat.completions", "openai-chat", Framings.SSE),
                new Api("openai/responses", "openai-responses", Framings.SSE),
                new Api("openai/completions", "openai-completions", Framings.SSE),
                new Api("anthropic/messages", "anthropic", Framings.SSE),
                new Api("bedrock/invoke-stream", "anthropic", Framings.EVENT_STREAM),
                new Api("bedrock/converse-stream", "bedrock", Framings.EVENT_STREAM),
                new Api("gemini/streamGenerateContent", "gemini", Framings.SSE),
                new Api("vertex/streamGenerateContent", "gemini", Framings.SSE),
                new Api("cohere/cohere.chat", "cohere", Framings.SSE),
                new Api("ollama/ollama.chat", "ollama", Framings.JSON_LINES));
    }

    @TestFactory
    Stream<DynamicTest> whereAStreamIsSplitMakesNoDifference() {
        return apis().stream()
                .flatMap(api -> dialects.ids().stream()
                        .sorted()
                        .map(callers -> dynamicTest(api.folder() + " to " + callers, () -> check(api, callers))));
    }

    private void check(Api api, String callers) throws BadAnswer {
        List<Recording> recordings = Recordings.of(api.folder()).stream()
                .filter(recording -> recording.status() == 200 && recording.streamed())
                .filter(recording -> recording.answer().length < MOST_BYTES)
                .filter(recording -> !api.folder().equals("bedrock/invoke-stream")
                        || recording.request().has("anthropic_version")) // others have formats of their own
                .limit(MOST_OF_AN_API)
                .toList();
        for (Recording recording : recordings) {
            byte[] answer = recording.answer();
            assertSameHowever(api, callers, answer, api.framing());
            if (api.dialect().equals("gemini")) {
                assertSameHowever(api, callers, asArray(answer), Framings.JSON_ARRAY);
            }
        }
    }

    /** A stream of events as the array that Gemini sends where nothing else is asked for. */
    private static byte[] asArray(byte[] events) throws BadAnswer {
        StringBuilder array = new StringBuilder("[");
        Framings.SSE.reader().feed(ByteBuffer.wrap(events), (frame, raw) -> {
            if (!frame.data().isEmpty()) {
                array.append(array.length() == 1 ? "" : "\n,\r\n").append(frame.data());
            }
        });
        return array.append(']').toString().getBytes(UTF_8);
    }

    private void assertSameHowever(Api api, String callers, byte[] answer, Framing framing) throws BadAnswer {
        Streams whole = through(api, callers, answer, framing, at -> answer.length);
        for (Map.Entry<String, IntUnaryOperator> pieces : splits(answer.length).entrySet()) {
            Streams split = through(api, callers, answer, framing, pieces.getValue());
            assertThat(split.sent()).as(pieces.getKey()).isEqualTo(whole.sent());
            assertThat(split.streamed().complete()).isEqualTo(whole.streamed().complete());
            assertThat(split.streamed().facts()).isEqualTo(whole.streamed().facts());
        }
    }

    private static Map<String, IntUnaryOperator> splits(int length) {
        Map<String, IntUnaryOperator> splits = new LinkedHashMap<>();
        splits.put("byte by byte", at -> 1);
        splits.put("three bytes each", at -> 3);
        Random random = new Random(length);
        for (int i = 0; i < 6; i++) {
            int first = 1 + random.nextInt(length - 1);
            splits.put("in two at " + first, at -> at < first ? first - at : length);
        }
        Random sizes = new Random(7);
        splits.put("at random", at -> 1 + sizes.nextInt(200));
        return splits;
    }

    private Streams through(Api api, String callers, byte[] answer, Framing framing, IntUnaryOperator pieces)
            throws BadAnswer {
        Passage passage = new Passage(
                dialects.byId(callers),
                dialects.byId(api.dialect()),
                Way.chat(api.dialect(), "/chat"),
                Targets.of("any", api.dialect(), "m", Quirks.NONE),
                4096,
                true,
                Framings.SSE,
                "call",
                List.of());
        Translation translation = Translations.of(passage, JsonDocument.parse(Json.write(asking(callers))));
        return Streams.through(translation.stream(framing), framing, answer, pieces);
    }

    private ObjectNode asking(String callers) {
        Dialect dialect = dialects.byId(callers);
        return dialect.writeRequest(
                dev.tollgate.dialect.Streams.request(dialect), new WriteTerms(Quirks.NONE, "any", 4096));
    }
}
