package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.provider.Quirks;
import dev.tollgate.testing.Recording;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.node.ObjectNode;

/** Whatever providers and their callers have really said, in every recording there is. */
class RecordedTest {
    private final Dialects dialects = new Dialects(InstantSource.fixed(Instant.EPOCH));

    private static WriteTerms terms() {
        return new WriteTerms(Quirks.NONE, "any", 4096);
    }

    /** The dialects by the names that their interfaces have among the recordings. */
    private static final Map<String, String> DIALECTS = Map.of(
            "chat.completions", "openai-chat",
            "messages", "anthropic",
            "responses", "openai-responses",
            "converse", "bedrock",
            "converse-stream", "bedrock",
            "cohere.chat", "cohere");

    /** Where a dialect's own maker was recorded, whose answers must come out as they went in. */
    private static final Set<String> REFERENCES =
            Set.of("openai/chat.completions", "anthropic/messages", "bedrock/converse", "cohere/cohere.chat");

    private static String interfaceOf(String api) {
        return api.substring(api.indexOf('/') + 1);
    }

    private Dialect of(Recording recording) {
        return dialects.byId(String.valueOf(DIALECTS.get(interfaceOf(recording.api()))));
    }

    private List<Dialect> othersThan(Dialect dialect) {
        return dialects.ids().stream()
                .filter(id -> !id.equals(dialect.id()) && !SmallDialectsTest.IDS.contains(id))
                .sorted()
                .map(dialects::byId)
                .toList();
    }

    /** The request; where the path names the model and the dialect wants it in the body, it is there. */
    private ObjectNode asked(Recording recording) {
        ObjectNode request = recording.request().deepCopy();
        if (!of(recording).modelInPath()) {
            request.putIfAbsent("model", request.stringNode("named-by-the-path"));
        }
        return request;
    }

    private static boolean isChat(String api) {
        return DIALECTS.containsKey(interfaceOf(api));
    }

    private static boolean isReference(String api) {
        return REFERENCES.contains(api) || api.endsWith("/responses");
    }

    @TestFactory
    Stream<DynamicTest> aRequestComesOutAsItWentIn() {
        return Recording.each(RecordedTest::isChat, Recording::hasRequest, recording -> {
            Dialect dialect = of(recording);
            ChatRequest request;
            try {
                request = dialect.readRequest(asked(recording));
            } catch (Refusal refusal) {
                assertThat(refusal.param()).as(refusal.message()).isPresent();
                assertThat(recording.status()).as(refusal.message()).isGreaterThanOrEqualTo(400);
                return;
            }
            WriteTerms terms = terms();
            ObjectNode written = dialect.writeRequest(request, terms);
            assertThat(Sameness.differences(written, asked(recording))).isEmpty();
            assertThat(terms.dropped()).isEmpty();
            ObjectNode again = dialect.writeRequest(dialect.readRequest(written.deepCopy()), terms());
            assertThat(again).isEqualTo(written);
        });
    }

    @TestFactory
    Stream<DynamicTest> aRequestCanBeToldToAProviderOfAnyOtherDialect() {
        return Recording.each(RecordedTest::isChat, RecordedTest::isAcceptable, recording -> {
            Dialect dialect = of(recording);
            ChatRequest request = dialect.readRequest(asked(recording));
            for (Dialect other : othersThan(dialect)) {
                WriteTerms terms = terms();
                ObjectNode written = other.writeRequest(request, terms);
                Gist.assertSameConversation(other.readRequest(written), request, terms);
            }
        });
    }

    private static boolean isAcceptable(Recording recording) {
        return recording.hasRequest() && recording.status() < 400;
    }

    @TestFactory
    Stream<DynamicTest> aWholeAnswerComesOutAsItWentIn() {
        return Recording.each(RecordedTest::isReference, RecordedTest::isWholeAnswer, recording -> {
            Dialect dialect = of(recording);
            ChatResponse response = dialect.readResponse(recording.response());
            WriteTerms terms = terms();
            ObjectNode written = dialect.writeResponse(response, terms);
            assertThat(Sameness.differences(written, recording.response())).isEmpty();
            assertThat(terms.dropped()).isEmpty();
        });
    }

    private static boolean isWholeAnswer(Recording recording) {
        return recording.isJson()
                && recording.status() == 200
                && !recording.response().path("error").isObject();
    }

    @TestFactory
    Stream<DynamicTest> aWholeAnswerKeepsItsGistInEveryDialect() {
        return Recording.each(RecordedTest::isChat, RecordedTest::isWholeAnswer, recording -> {
            Dialect dialect = of(recording);
            ChatResponse response = dialect.readResponse(recording.response());
            for (Dialect other : othersThan(dialect)) {
                WriteTerms terms = terms();
                ObjectNode written = other.writeResponse(response, terms);
                Gist.assertSame(Gist.of(other.readResponse(written)), Gist.of(response), terms, other.id());
            }
            Gist.assertSame(Gist.of(response), Gist.plain(recording.response()), recording.name());
        });
    }

    @TestFactory
    Stream<DynamicTest> aStreamKeepsItsGistInEveryDialect() {
        return Recording.each(RecordedTest::isChat, RecordedTest::isWholeStream, recording -> {
            Dialect dialect = of(recording);
            List<StreamEvent> events = Streams.read(dialect, recording.frames());
            Gist gist = Gist.of(events);
            Gist.assertSame(gist, Gist.plain(recording.frames()), recording.name());
            assertThat(events).anyMatch(event -> event instanceof StreamEvent.Done);
            for (String id : dialects.ids()) {
                if (SmallDialectsTest.IDS.contains(id)) {
                    continue;
                }
                Dialect callers = dialects.byId(id);
                WriteTerms terms = terms();
                List<Frame> frames = Streams.write(callers.eventWriter(Streams.request(callers), terms), events);
                Streams.assertWellFormed(callers, frames);
                Gist.assertSame(Gist.of(Streams.read(callers, frames)), gist, terms, callers.id());
            }
        });
    }

    private static boolean isWholeStream(Recording recording) {
        return recording.isStream() && recording.status() == 200 && !recording.hasFeature("stream_error");
    }

    @TestFactory
    Stream<DynamicTest> aWatcherSeesWhatAReaderReads() {
        return Recording.each(RecordedTest::isChat, RecordedTest::isWholeStream, recording -> {
            Dialect dialect = of(recording);
            StreamObserver observer = dialect.observer();
            List<StreamObserver.Sight> sights = new ArrayList<>();
            recording.frames().forEach(frame -> sights.add(observer.see(frame)));
            List<StreamEvent> events = Streams.read(dialect, recording.frames());
            Gist gist = Gist.of(events);
            assertThat(observer.complete()).isTrue();
            assertThat(observer.failure()).isNull();
            assertThat(sights).last().isEqualTo(StreamObserver.Sight.END);
            if (gist.usage() != null && !recording.response().stringValue().contains("x_groq")) {
                assertThat(observer.facts().usage()).isEqualTo(gist.usage());
            }
            assertThat(observer.facts().model()).isEqualTo(Streams.model(events));
            long shown = gist.text().length() + gist.reasoning().length() + gist.argumentCharacters();
            assertThat(observer.characters()).isGreaterThanOrEqualTo(shown);
        });
    }

    @TestFactory
    Stream<DynamicTest> aBrokenStreamEndsWithoutAMarkOfSuccess() {
        return Recording.each(
                RecordedTest::isChat,
                recording -> recording.isStream() && recording.hasFeature("stream_error"),
                recording -> {
                    Dialect dialect = of(recording);
                    StreamObserver observer = dialect.observer();
                    recording.frames().forEach(observer::see);
                    List<StreamEvent> events = Streams.read(dialect, recording.frames());
                    if (events.stream().noneMatch(event -> event instanceof StreamEvent.Failed)) {
                        assertThat(observer.failure()).isNull();
                        return;
                    }
                    assertThat(observer.failure()).isNotNull();
                    assertThat(observer.complete()).isFalse();
                    for (Dialect other : othersThan(dialect)) {
                        String sent = Streams.write(other.eventWriter(Streams.request(other), terms()), events)
                                .toString();
                        assertThat(sent)
                                .doesNotContain(
                                        "message_stop",
                                        "[DONE]",
                                        "stop_reason\":\"",
                                        "completed\"",
                                        "messageStop",
                                        "message-end");
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> anErrorKeepsItsMessageAndStatus() {
        return Recording.each(
                RecordedTest::isChat, recording -> recording.isJson() && recording.status() >= 400, recording -> {
                    Dialect dialect = of(recording);
                    ProviderError error = dialect.readError(recording.status(), recording.response(), "");
                    assertThat(error.status()).isEqualTo(recording.status());
                    assertThat(recording.response().toString())
                            .contains(error.message().substring(0, 5));
                    Throwable thrown = catchThrowable(() -> dialect.readResponse(recording.response()));
                    assertThat(thrown).isInstanceOf(BadAnswer.class);
                });
    }
}
