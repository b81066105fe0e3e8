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
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Real traffic of the providers, led through translations to callers of their own dialect and of the other. */
class RecordedTranslationTest {
    private static final Quirks MODERN = new Quirks(
            true, "max_completion_tokens", Set.of(), Map.of("anthropic-version", "2023-06-01"), List.of(), List.of());

    private final Dialects dialects = new Dialects(InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000)));

    @TestFactory
    Stream<DynamicTest> aRequestOfTheSameDialectChangesOnlyInItsModel() {
        return each(recording -> !recording.request().isEmpty(), (source, recording) -> {
            byte[] body = Json.write(recording.request());
            Translation translation = translation(source, source, JsonDocument.parse(body), false);

            ObjectNode expected = ((ObjectNode) recording.request().deepCopy());
            expected.set("model", StringNode.valueOf("other"));
            assertThat(translation.requestBody()).asString(UTF_8).isEqualTo(Json.text(expected));
        });
    }

    @TestFactory
    Stream<DynamicTest> aRequestIsUnderstoodByTheOtherDialect() {
        return each(recording -> !recording.request().isEmpty() && recording.status() == 200, (source, recording) -> {
            JsonDocument body = JsonDocument.parse(Json.write(recording.request()));
            Translation translation = translation(source, other(source), body, false);

            JsonNode sent = Json.read(translation.requestBody());
            assertThat(sent.path("model").stringValue()).isEqualTo("other");
            assertThat(sent.path("messages")).isNotEmpty();
            assertThat(sent.path("tools").size())
                    .isLessThanOrEqualTo(recording.request().path("tools").size());
        });
    }

    @TestFactory
    Stream<DynamicTest> anAnswerOfTheSameDialectIsByteForByteTheSame() {
        return each(recording -> recording.status() == 200 && !recording.streamed(), (source, recording) -> {
            Translation.Whole whole = translation(source, source, false).answer(recording.answer());

            assertThat(whole.body()).isSameAs(recording.answer());
            assertFacts(source, recording, whole.facts());
        });
    }

    @TestFactory
    Stream<DynamicTest> aStreamOfTheSameDialectIsByteForByteTheSameInAnyPieces() {
        return each(recording -> recording.status() == 200 && recording.streamed(), (source, recording) -> {
            for (int seed = 0; seed < 20; seed++) {
                Random random = new Random(seed);
                int most = 1 + random.nextInt(seed < 10 ? 8 : 2000);
                Streams streams = Streams.through(
                        translation(source, source, true).stream(Framings.SSE),
                        recording.answer(),
                        at -> 1 + random.nextInt(most));

                assertThat(streams.sent()).asString(UTF_8).isEqualTo(new String(recording.answer(), UTF_8));
                assertThat(streams.streamed().complete()).isTrue();
                assertFacts(source, recording, streams.streamed().facts());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> anAnswerKeepsItsMeaningInTheOtherDialect() {
        return each(recording -> recording.status() == 200 && !recording.streamed(), (source, recording) -> {
            Translation.Whole whole = translation(other(source), source, false).answer(recording.answer());

            assertThat(WireAnswer.read(other(source), false, whole.body()))
                    .isEqualTo(WireAnswer.read(source, false, recording.answer()));
            assertFacts(source, recording, whole.facts());
        });
    }

    @TestFactory
    Stream<DynamicTest> aStreamKeepsItsMeaningInTheOtherDialect() {
        return each(recording -> recording.status() == 200 && recording.streamed(), (source, recording) -> {
            Streams streams = Streams.through(
                    translation(other(source), source, true).stream(Framings.SSE), recording.answer(), at -> 1000);

            assertThat(streams.streamed().complete()).isTrue();
            assertThat(WireAnswer.read(other(source), true, streams.sent()))
                    .isEqualTo(WireAnswer.read(source, true, recording.answer()));
            assertFacts(source, recording, streams.streamed().facts());
        });
    }

    @TestFactory
    Stream<DynamicTest> whereAStreamIsSplitMakesNoDifferenceToTheOtherDialect() {
        return each(recording -> recording.status() == 200 && recording.streamed(), (source, recording) -> {
            byte[] expected = Streams.through(
                            translation(other(source), source, true).stream(Framings.SSE),
                            recording.answer(),
                            at -> 1 << 20)
                    .sent();
            int step = Math.max(1, recording.answer().length / 60);
            for (int split = 1; split < recording.answer().length; split += step) {
                int first = split;
                Streams streams = Streams.through(
                        translation(other(source), source, true).stream(Framings.SSE),
                        recording.answer(),
                        at -> at < first ? first : 1 << 20);
                assertThat(streams.sent()).isEqualTo(expected);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> anErrorKeepsItsStatusAndType() {
        return each(recording -> recording.status() >= 400, (source, recording) -> {
            Translation same = translation(source, source, false);
            Translation translated = translation(other(source), source, false);
            JsonNode error = Json.read(recording.answer()).path("error");

            assertThat(same.errorAsIs(recording.status(), recording.answer()))
                    .isEqualTo(error.path("message").isString() ? recording.answer() : null);
            assertThat(translated.errorAsIs(recording.status(), recording.answer()))
                    .isNull();
            for (Translation translation : List.of(same, translated)) {
                ProviderError read = translation.error(recording.status(), recording.answer());
                assertThat(read.status()).isEqualTo(recording.status());
                assertThat(read.message()).isNotBlank();
                if (error.path("type").isString()) {
                    assertThat(read.type()).isEqualTo(error.path("type").stringValue());
                    assertThat(read.message()).isEqualTo(error.path("message").stringValue());
                }
            }
        });
    }

    private static void assertFacts(String source, Recording recording, AnswerFacts facts) {
        WireAnswer answer = WireAnswer.read(source, recording.streamed(), recording.answer());
        assertThat(facts.model()).isNotEmpty();
        assertThat(facts.finish()).isNotNull();
        if (answer.output() > 0) {
            assertThat(facts.usage()).isNotNull();
            assertThat(facts.usage().input()).isEqualTo(answer.input());
            assertThat(facts.usage().cacheRead()).isEqualTo(answer.cacheRead());
            assertThat(facts.usage().output()).isEqualTo(answer.output());
        }
    }

    private interface Check {
        void accept(String source, Recording recording) throws Exception;
    }

    private static Stream<DynamicTest> each(Predicate<Recording> wanted, Check check) {
        return Stream.of("openai-chat", "anthropic").flatMap(source -> {
            String api = source.equals("anthropic") ? "anthropic/messages" : "openai/chat.completions";
            return Recordings.of(api).stream()
                    .filter(wanted)
                    .map(recording -> dynamicTest(api + "/" + recording, () -> check.accept(source, recording)));
        });
    }

    private static String other(String dialect) {
        return dialect.equals("anthropic") ? "openai-chat" : "anthropic";
    }

    private Translation translation(String callers, String targets, boolean stream) {
        String body =
                "{\"model\":\"smart\",\"max_tokens\":100,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}"
                        .formatted(
                                stream,
                                stream && callers.equals("openai-chat")
                                        ? ",\"stream_options\":{\"include_usage\":true}"
                                        : "");
        return translation(callers, targets, JsonDocument.parse(body.getBytes(UTF_8)), stream);
    }

    private Translation translation(String callers, String targets, JsonDocument body, boolean stream) {
        String family = targets.equals("anthropic") ? "anthropic" : "openai";
        return Translations.of(
                new Passage(
                        dialects.byId(callers),
                        dialects.byId(targets),
                        Way.chat(dialects.byId(targets).id(), "/chat"),
                        Targets.of(family, targets, "other", MODERN),
                        4096,
                        stream,
                        Framings.SSE,
                        "call",
                        List.of()),
                body);
    }
}
