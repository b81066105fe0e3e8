package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import dev.tollgate.testing.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the Gemini API and Vertex AI have really been asked and said, in every recording there is. */
class GeminiRecordedTest {
    private final Dialects dialects = new Dialects(InstantSource.fixed(Instant.EPOCH));
    private final Dialect gemini = dialects.byId("gemini");

    private static WriteTerms terms() {
        return new WriteTerms(Quirks.NONE, "any", 4096);
    }

    private List<Dialect> others() {
        return dialects.ids().stream()
                .filter(id -> !SmallDialectsTest.IDS.contains(id))
                .filter(id -> !id.equals("gemini"))
                .sorted()
                .map(dialects::byId)
                .toList();
    }

    private static boolean isChat(String api) {
        return Set.of(
                        "gemini/generateContent",
                        "gemini/streamGenerateContent",
                        "vertex/generateContent",
                        "vertex/streamGenerateContent")
                .contains(api);
    }

    private static boolean hasRequest(Recording recording) {
        return recording.whole().at("/request/body/contents").isContainer() && recording.status() < 400;
    }

    private static boolean isWhole(Recording recording) {
        return recording.status() == 200
                && recording.isJson()
                && recording.response().isObject();
    }

    private static boolean isStream(Recording recording) {
        return recording.status() == 200
                && (recording.isStream() || recording.response().isArray());
    }

    /** The frames of a stream of events, or of one that is an array. */
    private static List<Frame> frames(Recording recording) {
        if (recording.isStream()) {
            return recording.frames();
        }
        List<Frame> frames = new ArrayList<>();
        recording.response().forEach(chunk -> frames.add(new Frame(null, Json.text(chunk))));
        return frames;
    }

    @TestFactory
    Stream<DynamicTest> aRequestComesOutAsItWentIn() {
        return Recording.each(GeminiRecordedTest::isChat, GeminiRecordedTest::hasRequest, recording -> {
            ChatRequest request = gemini.readRequest(recording.request());
            WriteTerms terms = terms();
            ObjectNode written = gemini.writeRequest(request, terms);
            assertThat(GeminiSameness.missing(recording.request(), written)).isEmpty();
            assertThat(GeminiSameness.missing(written, recording.request())).isEmpty();
            assertThat(terms.dropped()).isEmpty();
            assertThat(gemini.writeRequest(gemini.readRequest(written.deepCopy()), terms()))
                    .isEqualTo(written);
        });
    }

    @TestFactory
    Stream<DynamicTest> aRequestCanBeToldToAProviderOfAnyDialect() {
        return Recording.each(GeminiRecordedTest::isChat, GeminiRecordedTest::hasRequest, recording -> {
            ChatRequest request = gemini.readRequest(recording.request()).to("some-model", false, true);
            for (Dialect other : others()) {
                WriteTerms terms = terms();
                ChatRequest understood = other.readRequest(other.writeRequest(request, terms));
                Gist.assertSameConversation(understood, request, terms);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aWholeAnswerComesOutAsItWentIn() {
        return Recording.each(GeminiRecordedTest::isChat, GeminiRecordedTest::isWhole, recording -> {
            ChatResponse response = gemini.readResponse(recording.response());
            WriteTerms terms = terms();
            ObjectNode written = gemini.writeResponse(response, terms);
            assertThat(GeminiSameness.missing(recording.response(), written)).isEmpty();
            assertThat(GeminiSameness.missing(written, recording.response())).isEmpty();
            assertThat(terms.dropped()).isEmpty();
        });
    }

    @TestFactory
    Stream<DynamicTest> aWholeAnswerKeepsItsGistInEveryDialect() {
        return Recording.each(GeminiRecordedTest::isChat, GeminiRecordedTest::isWhole, recording -> {
            ChatResponse response = gemini.readResponse(recording.response());
            Gist.assertSame(Gist.of(response), Gist.plain(recording.response()), recording.name());
            AnswerFacts facts = gemini.facts(recording.response());
            assertThat(facts.usage()).isEqualTo(response.usage());
            assertThat(facts.finish()).isEqualTo(response.choices().get(0).finish());
            boolean failed = response.choices().get(0).finish().kind() == FinishReason.Kind.OTHER;
            for (Dialect other : others()) {
                if (failed && other.id().equals("cohere")) {
                    continue; // whose word for it is one that no answer of a provider is read with
                }
                WriteTerms terms = terms();
                ObjectNode written = other.writeResponse(response, terms);
                Gist.assertSame(Gist.of(other.readResponse(written)), Gist.of(response), terms, other.id());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aStreamKeepsItsGistInEveryDialect() {
        return Recording.each(GeminiRecordedTest::isChat, GeminiRecordedTest::isStream, recording -> {
            List<StreamEvent> events = Streams.read(gemini, frames(recording));
            Gist gist = Gist.of(events);
            Gist.assertSame(gist, Gist.plain(frames(recording)), recording.name());
            assertThat(events).last().isInstanceOf(StreamEvent.Done.class);
            for (String id : dialects.ids()) {
                if (SmallDialectsTest.IDS.contains(id)) {
                    continue;
                }
                Dialect callers = dialects.byId(id);
                WriteTerms terms = terms();
                List<Frame> frames = Streams.write(callers.eventWriter(Streams.request(callers), terms), events);
                Streams.assertWellFormed(callers, frames);
                Gist.assertSame(Gist.of(Streams.read(callers, frames)), gist, terms, id);
            }
        });
    }

    /** What the chunks say together, whoever cut them: every part, and what stands beside them. */
    @TestFactory
    Stream<DynamicTest> aStreamComesOutWithNothingMissing() {
        return Recording.each(GeminiRecordedTest::isChat, GeminiRecordedTest::isStream, recording -> {
            List<StreamEvent> events = Streams.read(gemini, frames(recording));
            WriteTerms terms = terms();
            List<Frame> written = Streams.write(gemini.eventWriter(Streams.request(gemini), terms), events);
            assertThat(GeminiSameness.missing(
                            GeminiSameness.together(frames(recording)), GeminiSameness.together(written)))
                    .isEmpty();
            assertThat(terms.dropped()).isEmpty();
        });
    }

    @TestFactory
    Stream<DynamicTest> aWatcherSeesWhatAReaderReads() {
        return Recording.each(GeminiRecordedTest::isChat, GeminiRecordedTest::isStream, recording -> {
            StreamObserver observer = gemini.observer();
            frames(recording).forEach(observer::see);
            Gist gist = Gist.of(Streams.read(gemini, frames(recording)));
            assertThat(observer.complete()).isTrue();
            assertThat(observer.failure()).isNull();
            assertThat(observer.facts().usage()).isEqualTo(gist.usage());
            assertThat(observer.facts().finish()).isNotNull();
            assertThat(observer.facts().model()).isNotEmpty();
            assertThat(observer.characters())
                    .isGreaterThanOrEqualTo(
                            gist.text().length() + gist.reasoning().length());
        });
    }

    @TestFactory
    Stream<DynamicTest> aStreamWithoutItsLastChunkIsNotWhole() {
        return Recording.each(GeminiRecordedTest::isChat, GeminiRecordedTest::isStream, recording -> {
            List<Frame> frames = frames(recording);
            List<Frame> cut = frames.subList(0, frames.size() - 1);
            StreamObserver observer = gemini.observer();
            cut.forEach(observer::see);
            assertThat(observer.complete()).isFalse();
            assertThat(Streams.read(gemini, cut))
                    .noneMatch(event -> event instanceof StreamEvent.Finish || event instanceof StreamEvent.Done);
        });
    }

    @TestFactory
    Stream<DynamicTest> anErrorKeepsItsMessageStatusAndWord() {
        return Recording.each(GeminiRecordedTest::isChat, recording -> recording.status() >= 400, recording -> {
            JsonNode body =
                    recording.response().isArray() ? recording.response().path(0) : recording.response();
            ProviderError error = gemini.readError(recording.status(), recording.response(), "");
            assertThat(error.status()).isEqualTo(recording.status());
            assertThat(error.message()).isEqualTo(body.at("/error/message").stringValue());
            assertThat(error.type()).isEqualTo(body.at("/error/status").stringValue());
            boolean waits = body.toString().contains("\"retryDelay\":");
            assertThat(error.retryAfter() != null).isEqualTo(waits);
            assertThat(catchThrowable(() -> gemini.readResponse(body))).isInstanceOf(BadAnswer.class);
        });
    }

    @TestFactory
    Stream<DynamicTest> aCountComesOutAsItWentIn() {
        return Recording.each(
                api -> api.matches("(gemini|vertex)/countTokens"),
                recording -> recording.status() == 200,
                recording -> {
                    TokenCounting counting = gemini.tokenCounting().orElseThrow();
                    ChatRequest request = counting.readRequest(recording.request());
                    assertThat(request.messages()).isNotEmpty();
                    WriteTerms terms = terms();
                    ObjectNode written = counting.writeCount(counting.readCount(recording.response()), terms);
                    assertThat(GeminiSameness.missing(recording.response(), written))
                            .isEmpty();
                    assertThat(terms.dropped()).isEmpty();
                });
    }

    /** The requests that Gemini's own SDKs and its callers' frameworks send, captured beside the recordings. */
    @TestFactory
    Stream<DynamicTest> whatClientsSendIsUnderstoodAndCanBeToldToAnybody() throws IOException {
        Path folder = Path.of(System.getProperty("tollgate.recorded", "../../shared/recorded"))
                .resolveSibling("clients");
        if (!Files.isDirectory(folder)) {
            return Stream.of(DynamicTest.dynamicTest(
                    "captures", () -> Assumptions.abort("no captures: " + folder.getFileName())));
        }
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                for (JsonNode captured : Json.read(Files.readAllBytes(file))) {
                    if (captured.path("request").asString("").contains("enerateContent")) {
                        tests.add(DynamicTest.dynamicTest(file.getFileName().toString(), () -> told(captured)));
                    }
                }
            }
        }
        return tests.stream();
    }

    private void told(JsonNode captured) {
        ObjectNode body = (ObjectNode) captured.path("body");
        // Long lists of tools are cut in the captures, and a string says how many more there were.
        for (JsonNode tool : body.path("tools")) {
            if (tool.path("functionDeclarations") instanceof ArrayNode functions) {
                functions.removeIf(JsonNode::isString);
            }
        }
        ChatRequest request = gemini.readRequest(body.deepCopy()).to("some-model", true, true);
        WriteTerms terms = terms();
        ObjectNode written = gemini.writeRequest(request, terms);
        assertThat(GeminiSameness.missing(body, written)).isEmpty();
        assertThat(terms.dropped()).isEmpty();
        for (Dialect other : others()) {
            WriteTerms others = terms();
            ChatRequest understood = other.readRequest(other.writeRequest(request, others));
            Gist.assertSameConversation(understood, request, others);
            assertThat(understood.tools()).hasSameSizeAs(request.tools());
        }
    }
}
