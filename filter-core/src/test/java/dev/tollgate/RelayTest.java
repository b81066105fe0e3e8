package dev.tollgate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.testing.FakeBody;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Recording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are not translated, between a fake container and fake providers. */
@Timeout(60)
class RelayTest {
    private static final String ALL = RealGateway.KEY;
    private static final String SOME = RealGateway.PLAIN_KEY;
    private static final String OTHER = RealGateway.SLOW_KEY;
    private static final String MATE = RealGateway.SINGLE_KEY;
    private static final String FORM = "multipart/form-data; boundary=XyZ";
    private static final String FILE = field("file\"; filename=\"a.wav", "RIFF\r\n--Xy\0sound");
    private static final String SPOKEN = "{\"text\":\"hello\",\"usage\":{\"type\":\"tokens\",\"input_tokens\":14,"
            + "\"input_token_details\":{\"audio_tokens\":14},\"output_tokens\":5,\"total_tokens\":19}}";

    @TempDir
    Path folder;

    private final FakeUpstream first = new FakeUpstream();
    private final FakeUpstream second = new FakeUpstream();
    private final CountDownLatch gate = new CountDownLatch(1);
    private Gateway gateway;

    @BeforeEach
    void open() throws Exception {
        Path file = folder.resolve("tollgate.yaml");
        Files.writeString(file, """
                providers:
                  one: { like: openai-compatible, base-url: '%s/v1' }
                  two: { like: openai-compatible, base-url: '%s/v1' }
                models:
                  ears: { targets: [ { use: one/whisper-1 } ], fallback: [ two/whisper-large ] }
                  far: { targets: [ { use: two/distant } ] }
                  whisper-1: { targets: [ { use: one/whisper-1 } ] }
                keys:
                  - { name: all, sha256: %s, models: ['*'] }
                  - { name: some, sha256: %s, models: [ears], team: listeners }
                  - { name: mate, sha256: %s, models: [whisper-1], team: listeners }
                  - { name: other, sha256: %s, models: ['*'] }
                server: { log: false, metrics: { path: /metrics }, relays: { files: one, audio: one } }
                """.formatted(
                        first.uri(),
                        second.uri(),
                        RealGateway.sha256(ALL),
                        RealGateway.sha256(SOME),
                        RealGateway.sha256(MATE),
                        RealGateway.sha256(OTHER)));
        gateway = GatewayFactory.open(file);
    }

    @AfterEach
    void close() {
        gate.countDown();
        gateway.close();
        first.close();
        second.close();
    }

    private static String field(String name, String value) {
        return "--XyZ\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private static String form(String... fields) {
        return String.join("", fields) + "--XyZ--\r\n";
    }

    private FakeExchange exchange(String method, String path, String key, String type, byte[] body, String... more) {
        Map<String, String> headers = new HashMap<>(Map.of("authorization", "Bearer " + key));
        if (!type.isEmpty()) {
            headers.put("content-type", type);
        }
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], more[i + 1]);
        }
        return new FakeExchange(method, path, headers, body);
    }

    private FakeExchange handled(FakeExchange exchange) {
        gateway.handle(exchange);
        await().until(() -> exchange.isEnded() || exchange.isAborted());
        assertThat(exchange.fault()).isEmpty();
        return exchange;
    }

    private FakeExchange json(String path, String key, String body, String... more) {
        return handled(exchange("POST", path, key, "application/json", body.getBytes(UTF_8), more));
    }

    private FakeExchange posted(String path, String key, String form, String... more) {
        return handled(exchange("POST", path, key, FORM, form.getBytes(ISO_8859_1), more));
    }

    private FakeExchange get(String path, String key) {
        return handled(exchange("GET", path, key, "", new byte[0]));
    }

    // --- documents

    @Test
    void aDocumentGoesToTheProviderUnderItsOwnNameAndTheAnswerComesBackAsItIs() {
        byte[] sound = {1, 0, -1, 13, 10};
        first.always(peer -> peer.head(200, "Content-Type: audio/mpeg", "Content-Length: 5", "x-request-id: r1")
                .raw(sound));

        FakeExchange call = json("/v1/audio/speech", ALL, "{\"model\":\"ears\", \"input\":\"hi\",\"voice\":\"alloy\"}");

        assertThat(call.status()).isEqualTo(200);
        assertThat(call.bytes()).isEqualTo(sound);
        assertThat(call.answerHeader("content-type")).contains("audio/mpeg");
        assertThat(call.answerHeader("content-length")).contains("5");
        assertThat(call.answerHeader("x-request-id")).contains("r1");
        assertThat(call.answerHeader("x-tollgate-target")).contains("one/whisper-1");
        assertThat(first.lastRequest().line()).isEqualTo("POST /v1/audio/speech HTTP/1.1");
        assertThat(first.lastRequest().text())
                .isEqualTo("{\"model\":\"whisper-1\", \"input\":\"hi\",\"voice\":\"alloy\"}");
    }

    @Test
    void aDocumentFallsBack() {
        first.always(peer -> peer.json(503, "{\"error\":{\"message\":\"busy\"}}"));
        second.always(peer -> peer.json(200, "{\"data\":[]}"));

        FakeExchange call = json("/v1/images/generations", ALL, "{\"model\":\"ears\",\"prompt\":\"x\"}");

        assertThat(call.text()).isEqualTo("{\"data\":[]}");
        assertThat(second.lastRequest().text()).contains("\"whisper-large\"");
    }

    @Test
    void aProvidersErrorIsKept() {
        String error = "{\"error\":{\"code\":\"invalid_value\",\"message\":\"Invalid size\",\"param\":\"size\","
                + "\"type\":\"image_generation_user_error\"}}";
        first.always(peer -> peer.json(400, error));

        FakeExchange call = json("/openai/v1/images/generations", ALL, "{\"model\":\"ears\",\"prompt\":\"x\"}");

        assertThat(call.status()).isEqualTo(400);
        assertThat(call.text()).isEqualTo(error);
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void theDeploymentInAPathOfAzuresNamesTheModel() {
        first.always(peer -> peer.json(200, "{}"));

        json("/openai/deployments/ears/images/generations", ALL, "{\"prompt\":\"x\"}");
        assertThat(first.lastRequest().line()).isEqualTo("POST /v1/images/generations HTTP/1.1");

        posted("/openai/deployments/ears/audio/transcriptions", SOME, form(FILE, field("model", "far")));
        assertThat(first.lastRequest().text()).contains(field("model", "whisper-1"));
    }

    @Test
    void aStreamIsPassedOnAndItsUsageSeen() {
        first.always(peer -> peer.stream()
                .data("{\"type\":\"transcript.text.delta\",\"delta\":\"he\"}")
                .data("{\"type\":\"transcript.text.done\",\"text\":\"he\",\"usage\":{\"input_tokens\":14,"
                        + "\"output_tokens\":45}}")
                .endChunks());

        FakeExchange call =
                posted("/v1/audio/transcriptions", SOME, form(FILE, field("model", "ears"), field("stream", "true")));

        assertThat(call.text()).contains("transcript.text.delta", "transcript.text.done");
        assertThat(call.answerHeader("content-type").orElseThrow()).startsWith("text/event-stream");
        assertThat(metrics()).contains("class=\"output\",model=\"ears\",provider=\"one\"} 45.0");
    }

    // --- models and access

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/images/generations|{\"model\":\"far\",\"prompt\":\"x\"}|403|model_not_allowed",
                "/v1/images/generations|{\"model\":\"none\",\"prompt\":\"x\"}|403|model_not_allowed",
                "/v1/audio/speech|{\"input\":\"x\"}|403|model_not_allowed",
                "/v1/images/generations|{\"prompt\":\"x\"}|400|x-tollgate-model",
                "/v1/images/generations|{\"model\":7}|400|must be the name of a model",
                "/v1/batches|{\"input_file_id\":\"file-1\"}|403|must name the model",
                "/v1/moderations|[1]|400|",
            })
    void whatACallerMayNotUseIsNotSent(String path, String body, int status, String says) {
        FakeExchange call = json(path, SOME, body);

        assertThat(call.status()).isEqualTo(status);
        assertThat(call.text()).contains(says == null ? "" : says);
        assertThat(first.requests()).isEmpty();
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void aCallWithoutAModelGoesWhereTheHeaderOrTheConfigurationSays() {
        first.always(peer -> peer.json(200, "{\"is\":1}"));
        second.always(peer -> peer.json(200, "{\"is\":2}"));

        assertThat(json("/v1/audio/speech", ALL, "{\"input\":\"x\"}").text()).isEqualTo("{\"is\":1}");
        assertThat(json("/v1/moderations", ALL, "{\"input\":\"x\"}", "x-tollgate-model", "two")
                        .text())
                .isEqualTo("{\"is\":2}");
        assertThat(json("/v1/moderations", ALL, "{\"input\":\"x\"}", "x-tollgate-model", "far")
                        .text())
                .isEqualTo("{\"is\":2}");
        assertThat(json("/v1/moderations", ALL, "{\"input\":\"x\"}").status()).isEqualTo(400);
    }

    // --- forms

    @Test
    void aFormIsPassedOnByteByByteButForTheModelsName() {
        first.always(peer -> peer.json(200, SPOKEN));
        String form = form(field("model", "ears"), FILE, field("language", "en"));

        FakeExchange call = posted("/v1/audio/transcriptions", SOME, form);

        assertThat(call.text()).isEqualTo(SPOKEN);
        String sent = new String(first.lastRequest().body(), ISO_8859_1);
        assertThat(sent).isEqualTo(form.replace("ears", "whisper-1"));
        assertThat(first.lastRequest().header("content-length")).contains(String.valueOf(sent.length()));
        assertThat(first.lastRequest().header("content-type")).contains(FORM);
        assertThat(metrics()).contains("tollgate_calls_total{dialect=\"openai-chat\",error=\"none\",model=\"ears\"");
    }

    @Test
    void aSmallFormFallsBackAndALargeOneDoesNot() {
        first.always(peer -> peer.json(503, "{}"));
        second.always(peer -> peer.json(200, "{}"));

        assertThat(posted("/v1/audio/transcriptions", SOME, form(FILE, field("model", "ears")))
                        .status())
                .isEqualTo(200);
        assertThat(second.lastRequest().text()).contains(field("model", "whisper-large"));

        String large = field("file\"; filename=\"b", "x".repeat(200_000));
        assertThat(posted("/v1/audio/transcriptions", SOME, form(field("model", "ears"), large))
                        .status())
                .isEqualTo(503);
    }

    @Test
    void aModelThatComesAfterALargeFileIsAllowedAndReplacedOnTheWay() {
        first.always(peer -> peer.json(200, SPOKEN));
        String large = field("file\"; filename=\"b", "x".repeat(200_000));

        FakeExchange call = posted("/v1/audio/transcriptions", SOME, form(large, field("model", "ears")));

        assertThat(call.status()).isEqualTo(200);
        assertThat(first.lastRequest().header("transfer-encoding")).contains("chunked");
        assertThat(first.lastRequest().text()).isEqualTo(form(large, field("model", "whisper-1")));
    }

    @ParameterizedTest
    @CsvSource({"far,400,is not at", "none,404,no model", "'',400,must be the name"})
    void aModelThatComesLateAndLeadsElsewhereBreaksTheUploadOff(String model, int status, String says) {
        first.readingBodiesLater().always(peer -> peer.readBody());
        String large = field("file\"; filename=\"b", "x".repeat(200_000));

        FakeExchange call = posted("/v1/audio/transcriptions", ALL, form(large, field("model", model)));

        assertThat(call.status()).isEqualTo(status);
        assertThat(call.text()).contains(says);
        await().until(() -> first.playing() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"far", ""})
    void aModelThatComesLateAndIsNotTheCallersBreaksTheUploadOff(String model) {
        first.readingBodiesLater().always(peer -> peer.readBody());
        String large = field("file\"; filename=\"b", "x".repeat(200_000));

        FakeExchange call = posted(
                "/v1/audio/transcriptions", SOME, model.isEmpty() ? form(large) : form(large, field("model", model)));

        assertThat(call.status()).isEqualTo(403);
        await().until(() -> first.playing() == 0);
    }

    @Test
    void aFormIsReadOnlyAsFastAsTheProviderTakesIt() {
        first.readingBodiesLater().always(peer -> {
            peer.await(gate);
            peer.readBody();
            peer.json(200, SPOKEN);
        });
        FakeExchange call = exchange("POST", "/v1/audio/transcriptions", SOME, FORM, new byte[0]);
        String start =
                field("model", "ears") + field("file\"; filename=\"b", "").replaceFirst("\r\n$", "");
        int size = 48 << 20;
        String end = "\r\n--XyZ--\r\n";
        FakeBody body = call.sending(start.length() + size + end.length()).send(start.getBytes(UTF_8));
        gateway.handle(call);
        byte[] piece = new byte[1 << 20];
        for (int sent = 0; sent < size; sent += piece.length) {
            body.send(piece);
        }
        body.send(end.getBytes(UTF_8)).end();

        long[] last = {-1};
        await().pollInterval(Duration.ofMillis(500)).until(() -> {
            boolean still = last[0] == body.taken() && last[0] > 100_000;
            last[0] = body.taken();
            return still;
        });
        assertThat(body.waiting()).isGreaterThan(16 << 20);

        gate.countDown();
        await().until(call::isEnded);
        assertThat(call.text()).isEqualTo(SPOKEN);
    }

    @Test
    void anAnswerThatComesBeforeTheFormIsWholeIsPassedOnAndTheRestThrownAway() {
        first.readingBodiesLater()
                .always(peer -> peer.json(413, "{\"error\":{\"message\":\"too large\"}}")
                        .await(gate));
        FakeExchange call = exchange("POST", "/v1/audio/transcriptions", SOME, FORM, new byte[0]);
        FakeBody body = call.sending(-1).send(field("model", "ears").getBytes(UTF_8));
        gateway.handle(call);
        body.send(field("file\"; filename=\"b", "x".repeat(100_000)).getBytes(UTF_8));

        await().until(body::isDiscarded);
        assertThat(call.isEnded()).isFalse();
        body.end();
        await().until(call::isEnded);
        assertThat(call.status()).isEqualTo(413);
        assertThat(call.text()).contains("too large");
    }

    @Test
    void aFormThatIsCutShortIsNeverMadeWhole() {
        first.readingBodiesLater().always(peer -> peer.readBody());
        FakeExchange call = exchange("POST", "/v1/audio/transcriptions", SOME, FORM, new byte[0]);
        FakeBody body = call.sending(1 << 20).send(field("model", "ears").getBytes(UTF_8));
        gateway.handle(call);
        body.send(field("file\"; filename=\"b", "x".repeat(100_000)).getBytes(UTF_8));
        await().until(() -> first.playing() == 1);

        body.fail(new Refusal(ErrorCode.CALLER_BAD_REQUEST, "the request body ended before it was whole"));

        await().until(call::isEnded);
        assertThat(call.status()).isEqualTo(400);
        await().until(() -> first.playing() == 0);
    }

    @Test
    void whenTheCallerLeavesTheProvidersConnectionIsClosed() {
        first.readingBodiesLater().always(peer -> peer.readBody());
        FakeExchange call = exchange("POST", "/v1/audio/transcriptions", SOME, FORM, new byte[0]);
        FakeBody body = call.sending(1 << 20).send(field("model", "ears").getBytes(UTF_8));
        gateway.handle(call);
        body.send(field("file\"; filename=\"b", "x".repeat(100_000)).getBytes(UTF_8));
        await().until(() -> first.playing() == 1);

        call.leave(true);

        await().until(() -> first.playing() == 0);
        await().until(() -> metrics().contains("error=\"caller_cancelled\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/mixed; boundary=XyZ",
                "multipart/form-data; boundary=a; boundary=b",
                "text/plain"
            })
    void whatIsNoFormIsRefused(String type) {
        FakeExchange call =
                handled(exchange("POST", "/v1/files", ALL, type, form(FILE).getBytes(UTF_8)));

        assertThat(call.status()).isEqualTo(400);
        assertThat(first.requests()).isEmpty();
    }

    // --- files and batches

    private void upload(String key, String id) {
        first.then(peer -> peer.json(200, "{\"id\":\"" + id + "\",\"object\":\"file\",\"bytes\":3}"));
        FakeExchange call = posted("/v1/files", key, form(field("purpose", "batch"), FILE));
        assertThat(call.status()).isEqualTo(200);
        assertThat(call.text()).contains(id);
    }

    @Test
    void aFileIsThereForItsOwnersTeamAndForNobodyElse() {
        upload(SOME, "file-1");
        first.always(peer -> peer.answer(200, "application/octet-stream", "content"));

        assertThat(get("/v1/files/file-1/content", SOME).text()).isEqualTo("content");
        assertThat(get("/v1/files/file-1", MATE).status()).isEqualTo(200);
        assertThat(first.lastRequest().line()).isEqualTo("GET /v1/files/file-1 HTTP/1.1");
        int requests = first.requests().size();
        for (String path : new String[] {"/v1/files/file-1", "/v1/files/file-1/content", "/v1/files/file-unknown"}) {
            FakeExchange strangers = get(path, ALL);
            assertThat(strangers.status()).isEqualTo(404);
            assertThat(strangers.text()).contains("\"error\"", "No such File object");
        }
        assertThat(handled(exchange("DELETE", "/v1/files/file-1", ALL, "", new byte[0]))
                        .status())
                .isEqualTo(404);
        assertThat(first.requests()).hasSize(requests);

        first.always(peer -> peer.json(200, "{\"id\":\"file-1\",\"object\":\"file\",\"deleted\":true}"));
        assertThat(handled(exchange("DELETE", "/v1/files/file-1", SOME, "", new byte[0]))
                        .text())
                .contains("deleted");
        assertThat(get("/v1/files/file-1", SOME).status()).isEqualTo(404);
    }

    @Test
    void aListShowsOnlyWhatIsTheCallers() {
        upload(SOME, "file-1");
        upload(ALL, "file-2");
        first.always(peer -> peer.json(
                200,
                "{\"object\":\"list\",\"data\":[{\"id\":\"file-0\"},{\"id\":\"file-1\"},{\"id\":\"file-2\"}],"
                        + "\"has_more\":false,\"first_id\":\"file-0\",\"last_id\":\"file-2\"}"));

        assertThat(get("/v1/files", MATE).text())
                .isEqualTo("{\"object\":\"list\",\"data\":[{\"id\":\"file-1\"}],\"has_more\":false,"
                        + "\"first_id\":\"file-1\",\"last_id\":\"file-1\"}");
        assertThat(get("/v1/files", OTHER).text()).contains("\"data\":[]");
    }

    @Test
    void aBatchIsMadeOfTheCallersOwnFileWhereThatIs() {
        upload(ALL, "file-1");
        String batch =
                "{\"input_file_id\":\"file-1\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}";

        FakeExchange strangers = json("/v1/batches", OTHER, batch);
        assertThat(strangers.status()).isEqualTo(404);
        assertThat(strangers.text()).contains("\"param\":\"input_file_id\"");

        first.then(peer -> peer.json(200, "{\"id\":\"batch_1\",\"object\":\"batch\",\"status\":\"validating\"}"));
        assertThat(json("/v1/batches", ALL, batch).status()).isEqualTo(200);
        assertThat(first.lastRequest().text()).isEqualTo(batch);

        first.then(
                peer -> peer.json(
                        200,
                        "{\"id\":\"batch_1\",\"status\":\"completed\",\"output_file_id\":\"file-out\",\"error_file_id\":null}"));
        assertThat(get("/v1/batches/batch_1", ALL).status()).isEqualTo(200);
        assertThat(get("/v1/batches/batch_1", OTHER).status()).isEqualTo(404);
        first.then(peer -> peer.answer(200, "application/jsonl", "lines"));
        assertThat(get("/v1/files/file-out/content", ALL).text()).isEqualTo("lines");
        first.then(peer -> peer.json(200, "{\"id\":\"batch_1\",\"status\":\"cancelling\"}"));
        assertThat(handled(exchange("POST", "/v1/batches/batch_1/cancel", ALL, "", new byte[0]))
                        .text())
                .contains("cancelling");
        assertThat(first.lastRequest().line()).isEqualTo("POST /v1/batches/batch_1/cancel HTTP/1.1");
    }

    // --- recordings

    @TestFactory
    Stream<DynamicTest> recordedAnswersPassThrough() {
        return Recording.each(
                api -> api.endsWith("/audio") || (api.endsWith("/images") && !api.startsWith("vertex")),
                each -> true,
                this::replay);
    }

    private void replay(Recording recording) {
        String answer = recording.response().toString();
        first.then(peer -> peer.json(recording.status(), answer));
        String path = recording.whole().at("/request/path").stringValue();
        String relayed = path.substring(path.indexOf("/v1/"));

        FakeExchange call;
        if (recording.whole().at("/request/body").isObject()) {
            String body = recording.request().put("model", "ears").toString();
            call = json(relayed, ALL, body);
        } else {
            call = posted(relayed, ALL, form(FILE, field("model", "ears")));
        }
        assertThat(call.status()).isEqualTo(recording.status());
        assertThat(call.text()).isEqualTo(answer);
    }

    private String metrics() {
        return get("/metrics", ALL).text();
    }
}
