package dev.tollgate.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.ErrorCode;
import dev.tollgate.dialect.StreamObserver.Sight;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.stream.Framings;
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

class PassThroughTest {
    private static final String OPENING =
            "data: {\"id\":\"a\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n";
    private static final String HELLO =
            "data:{\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"héllo\"},\"finish_reason\":null}]}\r\n\r\n";
    private static final String FINISH =
            "data: {\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String USAGE =
            "data: {\"id\":\"a\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":5,\"total_tokens\":8}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private final Dialects dialects = new Dialects(InstantSource.system());

    @Test
    void onlyTheModelIsReplaced() {
        Translation translation = translation("{\"a\":[1, 2],\n \"model\" : \"smart\" }", Quirks.NONE, false);

        assertThat(translation.requestBody()).asString(UTF_8).isEqualTo("{\"a\":[1, 2],\n \"model\" : \"gpt-x\" }");
        assertThat(translation.dropped()).isEmpty();
    }

    @Test
    void theBodyIsNotEvenCopiedWhenTheNameIsTheSame() {
        byte[] body = "{\"model\":\"gpt-x\"}".getBytes(UTF_8);

        assertThat(translation(JsonDocument.parse(body), Quirks.NONE, false).requestBody())
                .isSameAs(body);
    }

    @Test
    void fieldsThatTheProviderRefusesAreLeftOutAndNamed() {
        Quirks quirks = new Quirks(false, "max_tokens", Set.of("logprobs", "user"), Map.of(), List.of(), List.of());
        Translation translation = translation("{\"user\":\"u\",\"model\":\"smart\",\"n\":1}", quirks, false);

        assertThat(translation.requestBody()).asString(UTF_8).isEqualTo("{\"model\":\"gpt-x\",\"n\":1}");
        assertThat(translation.dropped()).containsExactly("user");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"model\":\"gpt-x\"} | {\"model\":\"gpt-x\",\"stream_options\":{\"include_usage\":true}}",
                "{\"stream_options\":null,\"n\":1} | {\"stream_options\":{\"include_usage\":true},\"n\":1,\"model\":\"gpt-x\"}",
                "{\"stream_options\":{\"include_usage\":false,\"x\":1}} | {\"stream_options\":{\"include_usage\":true,\"x\":1},\"model\":\"gpt-x\"}",
            })
    void aStreamIsAskedForUsageWhichTheCallerDoesNotSee(String body, String sent) throws BadAnswer {
        Translation translation = translation(body, Quirks.NONE, true);

        assertThat(translation.requestBody()).asString(UTF_8).isEqualTo(sent);
        Streams streams = through(translation, OPENING + HELLO + FINISH + USAGE + DONE);
        assertThat(streams.sent()).asString(UTF_8).isEqualTo(OPENING + HELLO + FINISH + DONE);
        assertThat(streams.streamed().facts().usage().output()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"gpt-x\",\"stream_options\":{\"include_usage\":true}}",
                "{\"model\":\"gpt-x\",\"stream_options\":\"wrong\"}"
            })
    void aCallerWhoAskedForUsageGetsItAndWrongOptionsAreLeftToTheProvider(String body) throws BadAnswer {
        Translation translation = translation(body, Quirks.NONE, true);

        assertThat(translation.requestBody()).asString(UTF_8).isEqualTo(body);
        String stream = ": comment\n\n" + OPENING + HELLO + FINISH + USAGE + DONE;
        assertThat(through(translation, stream).sent()).asString(UTF_8).isEqualTo(stream);
    }

    @Test
    void aProviderThatRefusesStreamOptionsIsNotAsked() {
        Quirks quirks = new Quirks(false, "max_tokens", Set.of("stream_options"), Map.of(), List.of(), List.of());

        assertThat(translation("{\"model\":\"gpt-x\"}", quirks, true).requestBody())
                .asString(UTF_8)
                .isEqualTo("{\"model\":\"gpt-x\"}");
    }

    @Test
    void theOutputLimitGetsItsOldNameWhereOnlyThatIsKnown() {
        Quirks quirks = new Quirks(true, "max_tokens", Set.of(), Map.of(), List.of(), List.of());
        String body = "{\"model\":\"gpt-x\",\"max_completion_tokens\":7,\"n\":1}";

        assertThat(translation(body, quirks, false).requestBody())
                .asString(UTF_8)
                .isEqualTo("{\"model\":\"gpt-x\",\"n\":1,\"max_tokens\":7}");
        assertThat(translation(body, Quirks.NONE, false).requestBody())
                .asString(UTF_8)
                .isEqualTo(body);
    }

    @Test
    void eachFrameIsKnownForWhatItIs() throws BadAnswer {
        Translation translation = translation("{\"model\":\"gpt-x\"}", Quirks.NONE, true);
        Streams streams = through(translation, OPENING + HELLO + FINISH + USAGE + DONE);

        assertThat(streams.sights())
                .containsExactly(Sight.PREAMBLE, Sight.CONTENT, Sight.CONTENT, Sight.USAGE_ONLY, Sight.END);
        assertThat(streams.streamed().complete()).isTrue();
        assertThat(streams.streamed().characters()).isEqualTo(5);
        assertThat(streams.streamed().failed()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "overloaded_error,PROVIDER_OVERLOADED",
        "rate_limit_exceeded,PROVIDER_RATE_LIMITED",
        "server_error,PROVIDER_STREAM_INTERRUPTED"
    })
    void anErrorInTheStreamIsPassedOnAndTold(String type, ErrorCode code) throws BadAnswer {
        String error = "data: {\"error\":{\"type\":\"" + type + "\",\"message\":\"no more\"}}\n\n";
        Streams streams = through(translation("{\"model\":\"gpt-x\"}", Quirks.NONE, true), OPENING + error);

        assertThat(streams.sent()).asString(UTF_8).isEqualTo(OPENING + error);
        assertThat(streams.sights()).last().isEqualTo(Sight.ERROR);
        assertThat(streams.streamed().failed().code()).isEqualTo(code);
        assertThat(streams.streamed().failed().message()).contains("no more");
        assertThat(streams.streamed().complete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html><body>Bad gateway</body></html>",
                "{\"id\":\"a\",\"choices\":[{\"mess",
                "[]",
                "{\"error\":{\"message\":\"no\"}}",
                "{\"id\":\"a\",\"choices\":[]} x",
                "{\"something\":\"else\"}"
            })
    void aWholeAnswerThatIsNoneIsFound(String answer) {
        Translation translation = translation("{\"model\":\"gpt-x\"}", Quirks.NONE, false);

        assertThatThrownBy(() -> translation.answer(answer.getBytes(UTF_8))).isInstanceOf(BadAnswer.class);
    }

    @Test
    void aWholeAnswerIsPassedOnAsItIs() throws BadAnswer {
        byte[] answer = """
                {"id":"a", "object":"chat.completion","model":"gpt-x-1","unknown":[1],
                 "choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"length"}],
                 "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""".getBytes(UTF_8);
        Translation.Whole whole =
                translation("{\"model\":\"gpt-x\"}", Quirks.NONE, false).answer(answer);

        assertThat(whole.body()).isSameAs(answer);
        assertThat(whole.facts().model()).isEqualTo("gpt-x-1");
        assertThat(whole.facts().finish().raw()).isEqualTo("length");
        assertThat(whole.facts().usage().output()).isEqualTo(2);
    }

    @Test
    void anErrorAnswerIsPassedOnOnlyInTheShapeThatSdksRead() {
        Translation translation = translation("{\"model\":\"gpt-x\"}", Quirks.NONE, false);
        byte[] good = "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"code\":\"c\"}}".getBytes(UTF_8);

        assertThat(translation.errorAsIs(400, good)).isSameAs(good);
        assertThat(translation.errorAsIs(502, "<html>".getBytes(UTF_8))).isNull();
        assertThat(translation.errorAsIs(400, "{\"detail\":\"no\"}".getBytes(UTF_8)))
                .isNull();
        assertThat(translation.error(400, good)).isEqualTo(new ProviderError(400, "t", "c", null, "no"));
    }

    private Translation translation(String body, Quirks quirks, boolean stream) {
        return translation(JsonDocument.parse(body.getBytes(UTF_8)), quirks, stream);
    }

    private Translation translation(JsonDocument body, Quirks quirks, boolean stream) {
        Dialect dialect = dialects.byId("openai-chat");
        return Translations.of(
                new Passage(
                        dialect,
                        dialect,
                        Way.chat(dialect.id(), "/chat"),
                        Targets.of("openai", "openai-chat", "gpt-x", quirks),
                        4096,
                        stream,
                        Framings.SSE,
                        "call",
                        List.of()),
                body);
    }

    private static Streams through(Translation translation, String stream) throws BadAnswer {
        return Streams.through(translation.stream(Framings.SSE), stream.getBytes(UTF_8), at -> 11);
    }
}
