package dev.tollgate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.access.KeyText;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way of a call, between a fake container and a fake provider. */
class GatewayTest {
    private static final KeyText KEY = KeyText.generate(new SecureRandom());
    private static final KeyText OTHER = KeyText.generate(new SecureRandom());
    private static final String CHAT =
            "{\"model\": \"smart\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}";
    private static final String STREAMED = CHAT.replace("{\"model\"", "{\"stream\": true, \"model\"");
    private static final String MESSAGES = CHAT.replace("\"model\"", "\"max_tokens\": 9, \"model\"");
    private static final String ANSWER =
            "{\"id\": \"c\", \"object\": \"chat.completion\", \"created\": 1, \"model\": \"m\","
                    + " \"choices\": [{\"index\": 0, \"message\": {\"role\": \"assistant\", \"content\": \"Hello\"},"
                    + " \"finish_reason\": \"stop\"}], \"usage\": {\"prompt_tokens\": 3, \"completion_tokens\": 2,"
                    + " \"total_tokens\": 5}}";
    private static final String CHUNK = "{\"id\": \"c\", \"object\": \"chat.completion.chunk\", \"created\": 1,"
            + " \"model\": \"m\", \"choices\": [{\"index\": 0, \"delta\": {\"content\": \"Hel\"}}]}";

    @TempDir
    Path folder;

    private final FakeUpstream first = new FakeUpstream();
    private final FakeUpstream second = new FakeUpstream();
    private Gateway gateway;

    @BeforeEach
    void open() throws Exception {
        Path file = folder.resolve("tollgate.yaml");
        Files.writeString(
                file,
                String.join(
                        "\n",
                        "providers:",
                        "  one: { like: openai-compatible, base-url: '" + first.uri() + "/v1' }",
                        "  two: { like: openai-compatible, base-url: '" + second.uri() + "/v1' }",
                        "models:",
                        "  smart: { targets: [ { use: one/m } ], fallback: [two/m] }",
                        "  other: { targets: [ { use: one/m } ] }",
                        "keys:",
                        "  - { name: mine, sha256: " + KEY.sha256() + ", models: [smart] }",
                        "  - { name: idle, sha256: " + OTHER.sha256() + ", models: ['*'] }",
                        "limits: [ { per: key, concurrent: 1, requests: 100/day } ]",
                        "server: { metrics: { path: /metrics }, log: false }"));
        gateway = GatewayFactory.open(file);
    }

    @AfterEach
    void close() {
        gateway.close();
        first.close();
        second.close();
    }

    @Test
    void aCallIsAnsweredAndRecorded() {
        first.always(peer -> peer.json(200, ANSWER));

        FakeExchange call = call("/v1/chat/completions", CHAT);

        assertThat(call.status()).isEqualTo(200);
        assertThat(call.text()).isEqualTo(ANSWER);
        assertThat(call.answerHeader("x-tollgate-target")).contains("one/m");
        assertThat(metrics())
                .contains(
                        "tollgate_calls_total{dialect=\"openai-chat\",error=\"none\",model=\"smart\",provider=\"one\","
                                + "status=\"200\"} 1.0")
                .contains("class=\"output\"")
                .contains("tollgate_calls_in_flight 0.0");
    }

    @Test
    void aFailingTargetIsReplacedBeforeTheCallerSeesAnything() {
        first.always(peer -> peer.json(500, "{\"error\": {\"message\": \"boom\", \"type\": \"server_error\"}}"));
        second.always(peer -> peer.json(200, ANSWER));

        FakeExchange call = call("/v1/chat/completions", CHAT);

        assertThat(call.text()).isEqualTo(ANSWER);
        assertThat(call.answerHeader("x-tollgate-attempts")).contains("2");
        assertThat(metrics()).contains("tollgate_attempts_total{error=\"provider_server_error\",provider=\"one\"} 1.0");
    }

    @Test
    void whereNoTargetCountsTokensTheGatewayEstimatesThem() {
        String text = "four".repeat(100);
        FakeExchange call = call(
                "/v1/messages/count_tokens",
                "{\"model\": \"smart\", \"messages\": [{\"role\": \"user\", \"content\": \"" + text + "\"}]}");

        assertThat(call.status()).isEqualTo(200);
        assertThat(call.text()).isEqualTo("{\"input_tokens\":104}");
        assertThat(call.answerHeader("x-tollgate-estimated")).contains("true");
        assertThat(first.requests()).isEmpty();
        assertThat(call("/v1/messages/count_tokens", "{\"model\": \"smart\"}").text())
                .contains("'messages' is missing", "invalid_request_error");
    }

    @Test
    void aCallThatNobodyAnswersTellsWhoWasAsked() {
        first.always(peer -> peer.json(500, "{}"));
        second.always(peer -> peer.json(503, "{}", "retry-after: 7"));

        FakeExchange call = call("/v1/messages", MESSAGES);

        assertThat(call.status()).isEqualTo(529);
        assertThat(call.text()).contains("\"overloaded_error\"");
        assertThat(call.answerHeader("x-tollgate-attempts")).contains("3");
        assertThat(call.answerHeader("retry-after")).contains("7");
        assertThat(call.answerHeader("x-tollgate-error")).contains("provider_overloaded");
    }

    @ParameterizedTest
    @CsvSource({"insufficient_quota, true", "rate_limit_exceeded, false"})
    void onlyARateLimitThatAWaitMendsMayBeTriedAgain(String code, boolean vain) {
        String error = "{\"error\": {\"message\": \"no\", \"type\": \"x\", \"code\": \"" + code + "\"}}";
        first.always(peer -> peer.json(429, error));
        second.always(peer -> peer.json(429, error));

        FakeExchange call = call("/v1/chat/completions", CHAT);

        assertThat(call.status()).isEqualTo(429);
        assertThat(call.answerHeader("x-should-retry").isPresent()).isEqualTo(vain);
    }

    @Test
    void aChangeOfTheClusterIsSaidToWaitForTheNextStart() throws Exception {
        List<String> warnings = new CopyOnWriteArrayList<>();
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord message) {
                warnings.add(message.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger(GatewayFactory.class.getName());
        log.addHandler(listener);
        try {
            Path file = folder.resolve("tollgate.yaml");
            Files.writeString(file, Files.readString(file) + "\ncluster: { members: ['127.0.0.1'] }\n");
            await().until(() -> warnings.stream().anyMatch(text -> text.contains("'cluster'")));
        } finally {
            log.removeHandler(listener);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|400|caller_bad_request",
                "{\"model\": 7}|400|caller_bad_request",
                "{\"model\": \"smart\"}|400|caller_bad_request",
                "{\"model\": \"smart\", \"messages\": \"x\"}|400|caller_bad_request",
                "{\"model\": \"smart\", \"messages\": [], \"stream\": \"yes\"}|400|caller_bad_request",
                "{\"model\": \"smart\", \"messages\": [], \"tools\": {}}|400|caller_bad_request",
                "{\"model\": \"other\", \"messages\": []}|403|policy_model_not_allowed",
                "{\"model\": \"smart\", \"model\": \"smart\"}|400|caller_bad_request",
            })
    void aRefusedCallReachesNoProviderAndHoldsNothing(String body, int status, String code) {
        first.always(
                peer -> peer.json(400, "{\"error\": {\"message\": \"bad\", \"type\": \"invalid_request_error\"}}"));

        FakeExchange refused = call("/v1/messages", body);

        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.answerHeader("x-tollgate-error")).contains(code);
        assertThat(first.requests()).isEmpty();
        first.always(peer -> peer.json(200, ANSWER));
        assertThat(call("/v1/chat/completions", CHAT).status()).isEqualTo(200);
    }

    @Test
    void aCallThatWasNeverSentCostsNothingOfItsLimits() throws Exception {
        first.always(peer -> peer.json(200, ANSWER));
        String unreadable = MESSAGES.replace("\"user\"", "\"nobody\"");

        for (int i = 0; i < 5; i++) {
            assertThat(call("/v1/messages", unreadable).status()).isEqualTo(400);
        }

        assertThat(call("/v1/chat/completions", CHAT).answerHeader("x-ratelimit-remaining-requests"))
                .contains("99");
    }

    @Test
    void aMistypedValueIsRefusedAlsoWhereTheBodyWouldPassThrough() {
        FakeExchange refused =
                call("/v1/chat/completions", CHAT.replace("{\"model\"", "{\"temperature\": \"hot\", \"model\""));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("'temperature' must be a number", "\"param\":\"temperature\"");
        assertThat(first.requests()).isEmpty();
    }

    @Test
    void aPermitIsHeldWhileTheStreamRunsAndReleasedWhenTheCallerLeaves() {
        first.always(peer -> peer.stream().data(CHUNK).untilClosed());
        FakeExchange streaming = exchange("/v1/chat/completions", STREAMED);
        gateway.handle(streaming);
        await().until(() -> streaming.text().contains("Hel"));

        assertThat(call("/v1/chat/completions", CHAT).answerHeader("x-tollgate-error"))
                .contains("policy_concurrency_limited");
        streaming.leave(true);

        await().until(() -> first.closedByClient() == 1);
        first.always(peer -> peer.json(200, ANSWER));
        assertThat(call("/v1/chat/completions", CHAT).status()).isEqualTo(200);
        assertThat(metrics()).contains("error=\"caller_cancelled\"").contains("tollgate_calls_in_flight 0.0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoIsReadingTheLastOfAnAnswerMayCallAgain(boolean streamed) {
        first.then(peer -> {
            if (streamed) {
                peer.stream().data(CHUNK).data("[DONE]").endChunks();
            } else {
                peer.json(200, ANSWER);
            }
        });
        FakeExchange reading = exchange("/v1/chat/completions", streamed ? STREAMED : CHAT);
        reading.stall();
        gateway.handle(reading);
        await().until(reading::isWriting);
        first.always(peer -> peer.json(200, ANSWER));

        await().untilAsserted(() ->
                assertThat(call("/v1/chat/completions", CHAT).status()).isEqualTo(200));
        assertThat(reading.isEnded()).isFalse();
        reading.resume();
        await().until(reading::isEnded);
    }

    @Test
    void aCallerThatLeavesBeforeItsWholeAnswerIsNotTheGatewaysFault() {
        CountDownLatch left = new CountDownLatch(1);
        first.always(peer -> peer.await(left).json(200, ANSWER));
        FakeExchange leaving = exchange("/v1/chat/completions", CHAT);
        gateway.handle(leaving);
        leaving.leave(false);
        left.countDown();

        await().until(() -> metrics().contains("error=\"caller_cancelled\""));
        assertThat(metrics()).doesNotContain("gateway_internal").contains("tollgate_calls_in_flight 0.0");
    }

    @Test
    void aCutStreamEndsInAnErrorAndIsRecordedAsOne() {
        CountDownLatch read = new CountDownLatch(1);
        first.always(peer -> peer.stream().data(CHUNK).await(read).close());
        FakeExchange call = exchange("/v1/messages", MESSAGES.replace("{\"max", "{\"stream\": true, \"max"));
        gateway.handle(call);
        await().until(() -> call.text().contains("Hel"));
        read.countDown();
        await().until(() -> call.isEnded() || call.isAborted());

        assertThat(call.status()).isEqualTo(200);
        assertThat(call.text()).contains("event: error").doesNotContain("message_stop");
        assertThat(metrics()).contains("error=\"provider_stream_interrupted\"");
    }

    @Test
    void theModelsACallerMayUseAreListedInItsDialect() {
        assertThat(get("/v1/models", KEY, Map.of()).text())
                .isEqualTo("{\"object\":\"list\",\"data\":[{\"id\":\"smart\",\"object\":\"model\",\"created\":0,"
                        + "\"owned_by\":\"tollgate\"}]}");
        assertThat(get("/v1/models", OTHER, Map.of("anthropic-version", "2023-06-01"))
                        .text())
                .contains("\"type\":\"model\"", "\"has_more\":false", "\"last_id\":\"other\"");
        assertThat(get("/v1/models/other", KEY, Map.of()).status()).isEqualTo(403);
    }

    @Test
    void metricsNeedAKeyAndHealthDoesNot() {
        assertThat(get("/metrics", null, Map.of()).status()).isEqualTo(401);
        assertThat(get("/tollgate/health/ready", null, Map.of()).status()).isEqualTo(200);
    }

    @Test
    void aPathWithAnotherMethodAndAPathOfNobodysAreRefusedInJson() {
        assertThat(get("/v1/chat/completions", KEY, Map.of()).status()).isEqualTo(405);
        assertThat(get("/v1/unheard-of", KEY, Map.of()).text()).contains("not_found");
    }

    @Test
    void onlyWhatItServesIsTheGateways() {
        assertThat(gateway.serves("POST", "/v1/messages")).isTrue();
        assertThat(gateway.serves("GET", "/metrics")).isTrue();
        assertThat(gateway.serves("HEAD", "/api/hello")).isTrue();
        assertThat(gateway.serves("GET", "/api/hello")).isFalse();
        assertThat(gateway.serves("POST", "/v1/embeddings")).isTrue();
        assertThat(gateway.serves("POST", "/v1/embed")).isFalse();
        assertThat(gateway.serves("GET", "/")).isFalse();
    }

    @Test
    void aClosingGatewayFinishesWhatRunsAndTakesNothingNew() throws Exception {
        CountDownLatch enough = new CountDownLatch(1);
        first.always(
                peer -> peer.stream().data(CHUNK).await(enough).data("[DONE]").endChunks());
        FakeExchange streaming = exchange("/v1/chat/completions", STREAMED);
        gateway.handle(streaming);
        await().until(() -> streaming.text().contains("Hel"));

        Thread closing = new Thread(gateway::close);
        closing.start();
        await().until(() -> get("/tollgate/health/ready", null, Map.of()).status() == 503);
        FakeExchange late = call("/v1/messages", MESSAGES);
        enough.countDown();
        closing.join();

        assertThat(late.status()).isEqualTo(529);
        assertThat(late.answerHeader("x-tollgate-error")).contains("gateway_draining");
        assertThat(streaming.text()).contains("[DONE]");
    }

    @Test
    void aFaultInTheMiddleOfAnAnswerLeavesNoExchangeOpen() {
        first.always(peer -> peer.json(200, ANSWER));
        FakeExchange call = exchange("/v1/chat/completions", CHAT);
        Exchange faulty = (Exchange) Proxy.newProxyInstance(
                Exchange.class.getClassLoader(), new Class<?>[] {Exchange.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("write")) {
                        throw new IllegalStateException("as if the container had one");
                    }
                    return method.isDefault()
                            ? InvocationHandler.invokeDefault(proxy, method, arguments)
                            : method.invoke(call, arguments);
                });

        gateway.handle(faulty);

        await().until(call::isAborted);
        assertThat(metrics()).contains("error=\"gateway_internal\"").contains("tollgate_calls_in_flight 0.0");
    }

    private FakeExchange call(String path, String body) {
        FakeExchange exchange = exchange(path, body);
        gateway.handle(exchange);
        await().until(() -> exchange.isEnded() || exchange.isAborted());
        assertThat(exchange.fault()).isEmpty();
        return exchange;
    }

    private static FakeExchange exchange(String path, String body) {
        return new FakeExchange("POST", path, Map.of("authorization", "Bearer " + KEY.reveal()), body.getBytes(UTF_8));
    }

    private FakeExchange get(String path, KeyText key, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        if (key != null) {
            all.put("x-api-key", key.reveal());
        }
        FakeExchange exchange = new FakeExchange("GET", path, all, new byte[0]);
        gateway.handle(exchange);
        await().until(exchange::isEnded);
        return exchange;
    }

    private String metrics() {
        return get("/metrics", OTHER, Map.of()).text();
    }
}
