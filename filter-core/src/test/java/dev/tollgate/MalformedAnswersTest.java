package dev.tollgate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.access.KeyText;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialects;
import dev.tollgate.dialect.ExceptionFrames;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.json.Json;
import dev.tollgate.stream.Framings;
import dev.tollgate.testing.BrokenAnswers;
import dev.tollgate.testing.BrokenAnswers.Fault;
import dev.tollgate.testing.BrokenAnswers.Wire;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Answers of providers that are broken in every way we know, for callers of every dialect: each gets an error of its own
 * dialect's kind and never a mark of a success that did not happen.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedAnswersTest {
    private static final KeyText KEY = KeyText.generate(new SecureRandom());
    private static final Dialects DIALECTS = new Dialects(InstantSource.system());

    /** What an answer ends with only if it is whole, in any of the dialects. */
    private static final Pattern SUCCESS = Pattern.compile("\\[DONE]|message_stop|response\\.completed|messageStop"
            + "|\"(finish_reason|stop_reason|stopReason|finishReason)\" ?: ?\"(?!FINISH_REASON_UNSPECIFIED)");

    private static final String USER = "[{\"role\":\"user\",\"content\":\"Hi\"}]";

    private final FakeUpstream upstream = new FakeUpstream();
    private Gateway gateway;

    /**
     * A caller.
     *
     * @param path its path, with MODEL in the place of the model's name
     * @param body its body, the same
     */
    private record Caller(String dialect, Framings framing, boolean stream, String path, String body) {
        FakeExchange exchange(String model) {
            return new FakeExchange(
                    "POST",
                    path.replace("MODEL", model),
                    Map.of("authorization", "Bearer " + KEY.reveal()),
                    body.replace("MODEL", model).getBytes(UTF_8));
        }

        @Override
        public String toString() {
            return dialect + (stream ? " in " + framing : " whole");
        }
    }

    private static List<Caller> callers(boolean stream) {
        String flag = stream ? "\"stream\":true," : "";
        String gemini = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}";
        String google = "/v1beta/models/MODEL:" + (stream ? "streamGenerateContent" : "generateContent");
        List<Caller> all = List.of(
                new Caller(
                        "openai-chat",
                        Framings.SSE,
                        stream,
                        "/v1/chat/completions",
                        "{" + flag + "\"model\":\"MODEL\",\"messages\":" + USER + "}"),
                new Caller(
                        "openai-responses",
                        Framings.SSE,
                        stream,
                        "/v1/responses",
                        "{" + flag + "\"model\":\"MODEL\",\"input\":\"Hi\"}"),
                new Caller(
                        "anthropic",
                        Framings.SSE,
                        stream,
                        "/v1/messages",
                        "{" + flag + "\"model\":\"MODEL\",\"max_tokens\":9,\"messages\":" + USER + "}"),
                new Caller("gemini", Framings.SSE, stream, google + "?alt=sse", gemini),
                new Caller("gemini", Framings.JSON_ARRAY, stream, google, gemini),
                new Caller(
                        "bedrock",
                        Framings.EVENT_STREAM,
                        stream,
                        "/model/MODEL/converse" + (stream ? "-stream" : ""),
                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Hi\"}]}]}"));
        return all.stream()
                .filter(caller -> DIALECTS.find(caller.dialect()).isPresent())
                .toList();
    }

    private static List<Wire> wires() {
        return BrokenAnswers.wires().stream()
                .filter(wire -> DIALECTS.find(wire.dialect()).isPresent())
                .toList();
    }

    static Stream<Object[]> streams() {
        return pairs(callers(true));
    }

    static Stream<Object[]> wholes() {
        return pairs(callers(false));
    }

    /** Every caller with every wire, but those of Converse with InvokeModel's: they are given Converse by any model. */
    private static Stream<Object[]> pairs(List<Caller> callers) {
        return callers.stream()
                .flatMap(caller -> wires().stream()
                        .filter(wire -> !caller.dialect().equals("bedrock")
                                || !wire.use().equals("aws/anthropic.claude-c"))
                        .map(wire -> new Object[] {caller, wire.use()}));
    }

    @BeforeAll
    static void lookOften() {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(2));
    }

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        String url = upstream.uri().toString();
        Path key = Files.writeString(folder.resolve("key"), "k");
        List<String> lines = new ArrayList<>(List.of(
                "providers:",
                "  open: { like: openai-compatible, base-url: '" + url + "/v1' }",
                "  claude: { like: anthropic, base-url: '" + url + "', api-key: '${file:" + key + "}' }",
                "  google: { like: gemini, base-url: '" + url + "', api-key: '${file:" + key + "}' }",
                "  aws: { like: bedrock, base-url: '" + url + "', region: us-east-1, api-key: '${file:" + key + "}' }",
                "models:"));
        wires().forEach(wire ->
                lines.add("  '" + model(wire.use()) + "': { targets: [ { use: '" + wire.use() + "' } ] }"));
        lines.add("keys: [ { name: mine, sha256: " + KEY.sha256() + ", models: ['*'] } ]");
        lines.add("server: { metrics: { path: /metrics }, log: false }");
        Path file = folder.resolve("tollgate.yaml");
        Files.write(file, lines);
        gateway = GatewayFactory.open(file);
    }

    private static String model(String use) {
        return "of-" + use.replace('/', '-');
    }

    @AfterAll
    void close() {
        gateway.close();
        upstream.close();
    }

    @AfterEach
    void nothingIsUnderWay() {
        // A call is settled after its caller has its answer.
        await().untilAsserted(() -> assertThat(metrics()).contains("tollgate_calls_in_flight 0.0"));
    }

    private String metrics() {
        FakeExchange metrics =
                new FakeExchange("GET", "/metrics", Map.of("authorization", "Bearer " + KEY.reveal()), new byte[0]);
        gateway.handle(metrics);
        await().until(metrics::isEnded);
        return metrics.text();
    }

    @ParameterizedTest(name = "{0} from {1}")
    @MethodSource("streams")
    void aBrokenStreamEndsInAnErrorAndNeverInSuccess(Caller caller, String use) {
        Wire wire = wire(use);
        for (Fault fault : BrokenAnswers.streams(wire)) {
            FakeExchange answer = ask(caller, wire, fault.script());

            String told = fault + ": " + answer.status() + " " + answer.text();
            boolean passedOn = fault.name().equals("an error, then success");
            assertThat(isFailure(caller, answer)).as(told).isTrue();
            if (!passedOn || answer.status() != 200) {
                assertThat(SUCCESS.matcher(answer.text()).find()).as(told).isFalse();
            }
        }
    }

    @ParameterizedTest(name = "{0} from {1}")
    @MethodSource("streams")
    void aWholeStreamIsSuccessAndNoError(Caller caller, String use) {
        FakeExchange answer = ask(caller, wire(use), BrokenAnswers.good(wire(use)));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.answerHeader("content-type").orElse(""))
                .startsWith(caller.framing().mediaType());
        assertThat(isFailure(caller, answer)).as(answer.text()).isFalse();
        assertThat(SUCCESS.matcher(answer.text()).find()).as(answer.text()).isTrue();
    }

    /** Some providers leave the mark of the end out; whether or not it is forgiven, nothing is made up. */
    @ParameterizedTest(name = "{0} from {1}")
    @MethodSource("streams")
    void aStreamThatIsCutAfterItsFinishIsEitherWholeOrAnError(Caller caller, String use) {
        FakeExchange answer = ask(caller, wire(use), BrokenAnswers.cutAfterFinish(wire(use)));

        boolean marked = Pattern.compile("\\[DONE]|message_stop|response\\.completed")
                .matcher(answer.text())
                .find();
        boolean failed = isFailure(caller, answer);
        assertThat(failed && marked).as(answer.text()).isFalse();
        if (!failed) {
            assertThat(SUCCESS.matcher(answer.text()).find()).as(answer.text()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0} from {1}")
    @MethodSource("wholes")
    void aBrokenWholeAnswerIsAnError(Caller caller, String use) {
        Wire wire = wire(use);
        for (Fault fault : BrokenAnswers.wholes(wire)) {
            FakeExchange answer = ask(caller, wire, fault.script());

            String told = fault + ": " + answer.status() + " " + answer.text();
            assertThat(answer.status()).as(told).isGreaterThanOrEqualTo(500);
            assertThat(isFailure(caller, answer)).as(told).isTrue();
            assertThat(SUCCESS.matcher(answer.text()).find()).as(told).isFalse();
        }
    }

    private FakeExchange ask(Caller caller, Wire wire, FakeUpstream.Script script) {
        upstream.always(script);
        FakeExchange exchange = caller.exchange(model(wire.use()));
        gateway.handle(exchange);
        await().until(() -> exchange.isEnded() || exchange.isAborted());
        assertThat(exchange.fault()).isEmpty();
        return exchange;
    }

    private static Wire wire(String use) {
        return wires().stream()
                .filter(wire -> wire.use().equals(use))
                .findFirst()
                .orElseThrow();
    }

    /** Whether the caller's SDK sees an error. */
    private static boolean isFailure(Caller caller, FakeExchange answer) {
        if (answer.status() != 200) {
            assertThat(answer.answerHeader("x-tollgate-error").orElse("")).startsWith("provider_");
            return isError(caller.dialect(), Json.read(answer.text()));
        }
        return frames(caller, answer).stream()
                .anyMatch(frame -> ExceptionFrames.type(frame) != null
                        || json(frame)
                                .filter(body -> isError(caller.dialect(), body))
                                .isPresent());
    }

    private static boolean isError(String dialect, JsonNode body) {
        return switch (dialect) {
            case "anthropic" ->
                body.path("type").asString("").equals("error")
                        && body.at("/error/message").isString();
            case "openai-responses" ->
                body.at("/error/message").isString()
                        || (body.path("type").asString("").equals("error")
                                && body.path("message").isString())
                        || body.at("/response/error/message").isString();
            case "bedrock" -> body.path("message").isString();
            default -> body.at("/error/message").isString();
        };
    }

    private static Optional<JsonNode> json(Frame frame) {
        return frame.data().startsWith("{") ? read(frame.data()) : Optional.empty();
    }

    private static Optional<JsonNode> read(String json) {
        try {
            return Optional.of(Json.read(json));
        } catch (tools.jackson.core.JacksonException passedOnAsItCame) {
            return Optional.empty();
        }
    }

    private static List<Frame> frames(Caller caller, FakeExchange answer) {
        if (caller.framing() == Framings.JSON_ARRAY) {
            List<Frame> elements = new ArrayList<>();
            Json.read(answer.text()).forEach(element -> elements.add(new Frame(null, Json.text(element))));
            return elements;
        }
        List<Frame> frames = new ArrayList<>();
        FrameReader reader = caller.framing().reader();
        try {
            reader.feed(ByteBuffer.wrap(answer.bytes()), (frame, raw) -> frames.add(frame));
        } catch (BadAnswer e) {
            throw new AssertionError(answer.text(), e);
        }
        return frames;
    }
}
