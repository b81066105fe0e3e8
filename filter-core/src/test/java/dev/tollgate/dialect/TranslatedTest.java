package dev.tollgate.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.dialect.StreamObserver.Sight;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.stream.Framings;
import dev.tollgate.testing.RenamedDialect;
import dev.tollgate.testing.Streams;
import dev.tollgate.testing.Targets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TranslatedTest {
    private static final String BODY =
            "{\"model\":\"smart\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String OPENING =
            "data: {\"id\":\"a\",\"model\":\"m\",\"created\":1,\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
    private static final String HELLO =
            "data: {\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hello\"}}]}\n\n";
    private static final String FINISH =
            "data: {\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String USAGE =
            "data: {\"id\":\"a\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":5,\"total_tokens\":8}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private final Dialect dialect = new Dialects(InstantSource.system()).byId("openai-chat");

    @Test
    void theTargetIsAskedInItsOwnDialectForItsOwnModel() {
        JsonNode sent = Json.read(translation(BODY, Quirks.NONE).requestBody());

        assertThat(sent.path("model").stringValue()).isEqualTo("gpt-x");
        assertThat(sent.at("/messages/0/content").stringValue()).isEqualTo("hi");
        assertThat(sent.at("/stream_options/include_usage").booleanValue()).isTrue();
    }

    @Test
    void aProviderThatReportsNoUsageOnRequestIsNotAskedTo() {
        Quirks quirks = new Quirks(false, "max_tokens", Set.of(), Map.of(), List.of(), List.of());

        assertThat(Json.read(translation(BODY, quirks).requestBody()).has("stream_options"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"model\":\"m\"}", "{\"model\":\"m\",\"messages\":7}", "{\"model\":\"m\",\"messages\":[7]}"})
    void aRequestThatCannotBeUnderstoodIsTheCallersFault(String body) {
        assertThatThrownBy(() -> translation(body, Quirks.NONE))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_BAD_REQUEST));
    }

    @Test
    void aStreamIsTranslatedFrameByFrame() throws BadAnswer {
        Streams streams = through(OPENING + ": comment\n\n" + HELLO + FINISH + USAGE + DONE);

        assertThat(streams.sent()).asString(UTF_8).contains("\"hello\"").endsWith(DONE);
        assertThat(streams.sights())
                .containsExactly(
                        Sight.PREAMBLE, Sight.PREAMBLE, Sight.CONTENT, Sight.CONTENT, Sight.USAGE_ONLY, Sight.END);
        assertThat(streams.streamed().complete()).isTrue();
        assertThat(streams.streamed().characters()).isEqualTo(5);
        assertThat(streams.streamed().facts().usage().output()).isEqualTo(5);
        assertThat(streams.streamed().facts().finish().raw()).isEqualTo("stop");
        assertThat(streams.streamed().facts().model()).isEqualTo("m");
    }

    @Test
    void whatFollowsTheEndIsIgnored() throws BadAnswer {
        assertThat(through(OPENING + HELLO + FINISH + DONE + HELLO + DONE).sent())
                .isEqualTo(through(OPENING + HELLO + FINISH + DONE).sent());
    }

    @Test
    void anAnswerThatLacksOnlyItsEndIsGivenOne() throws BadAnswer {
        Streams streams = through(OPENING + HELLO + FINISH + USAGE);

        assertThat(streams.sent())
                .isEqualTo(through(OPENING + HELLO + FINISH + USAGE + DONE).sent());
        assertThat(streams.streamed().complete()).isTrue();
    }

    @Test
    void anAnswerWithoutItsFinishReasonIsNotWhole() throws BadAnswer {
        Streams streams = through(OPENING + HELLO);

        assertThat(streams.streamed().complete()).isFalse();
        assertThat(streams.sent()).asString(UTF_8).doesNotContain("DONE");
    }

    @ParameterizedTest
    @CsvSource({
        "overloaded_error,PROVIDER_OVERLOADED,503",
        "rate_limit_error,PROVIDER_RATE_LIMITED,429",
        "api_error,PROVIDER_STREAM_INTERRUPTED,502",
        "invalid_request_error,PROVIDER_REJECTED,400"
    })
    void anErrorInTheStreamIsToldButNotWritten(String type, ErrorCode code, int status) throws BadAnswer {
        String error = "data: {\"error\":{\"type\":\"" + type + "\",\"message\":\"no more\"}}\n\n";
        Streams streams = through(OPENING + HELLO + error + HELLO + FINISH + DONE);

        assertThat(streams.sent()).isEqualTo(through(OPENING + HELLO).sent());
        assertThat(streams.sights()).contains(Sight.ERROR).doesNotContain(Sight.END);
        Refusal failed = streams.streamed().failed();
        assertThat(failed.code()).isEqualTo(code);
        assertThat(failed.status()).isEqualTo(status);
        assertThat(failed.providerType()).contains(type);
        assertThat(streams.streamed().complete()).isFalse();
        assertThat(UTF_8.decode(streams.streamed().failure(failed)).toString()).contains("no more");
    }

    @ParameterizedTest
    @CsvSource({
        "400,PROVIDER_REJECTED",
        "429,PROVIDER_RATE_LIMITED",
        "502,PROVIDER_STREAM_INTERRUPTED",
        "503,PROVIDER_OVERLOADED"
    })
    void aStatusAsTheErrorsCodeSaysWhoseFaultItIs(int status, ErrorCode code) throws BadAnswer {
        Streams streams = through(OPENING + "data: {\"error\":{\"code\":" + status + ",\"message\":\"no more\"}}\n\n");

        assertThat(streams.streamed().failed().code()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: {\"id\":\n\n", "data: <html>\n\n", "data: 7\n\n"})
    void aFrameOfNoDialectIsABadAnswer(String frame) {
        assertThatThrownBy(() -> through(OPENING + frame)).isInstanceOf(BadAnswer.class);
    }

    @Test
    void theHeartbeatIsOneThatSdksIgnore() {
        assertThat(UTF_8.decode(translation(BODY, Quirks.NONE).stream(Framings.SSE)
                                .heartbeat())
                        .toString())
                .isEqualTo(":\n\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "{\"id\":\"a\",\"choices\":[{\"mess",
                "{\"error\":{\"message\":\"no\"}}",
                "{\"something\":\"else\"}"
            })
    void aWholeAnswerThatIsNoneIsFound(String answer) {
        assertThatThrownBy(() -> translation(BODY, Quirks.NONE).answer(answer.getBytes(UTF_8)))
                .isInstanceOf(BadAnswer.class);
    }

    @Test
    void errorsOfAnotherDialectAreNeverPassedOnAsTheyAre() {
        byte[] error = "{\"error\":{\"message\":\"no\"}}".getBytes(UTF_8);

        assertThat(translation(BODY, Quirks.NONE).errorAsIs(400, error)).isNull();
    }

    private Translation translation(String body, Quirks quirks) {
        return Translations.of(
                new Passage(
                        RenamedDialect.of(dialect, "callers"),
                        dialect,
                        Way.chat(dialect.id(), "/chat"),
                        Targets.of("openai", "openai-chat", "gpt-x", quirks),
                        4096,
                        true,
                        Framings.SSE,
                        "call",
                        List.of()),
                JsonDocument.parse(body.getBytes(UTF_8)));
    }

    private Streams through(String stream) throws BadAnswer {
        return Streams.through(translation(BODY, Quirks.NONE).stream(Framings.SSE), stream.getBytes(UTF_8), at -> 13);
    }
}
