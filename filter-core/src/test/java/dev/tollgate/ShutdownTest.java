package dev.tollgate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ShutdownTest {
    private static final String CHUNK =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"},\"finish_reason\":null}]}";
    private static final String CHAT =
            "{\"model\": \"smart\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}";
    private static final String STREAMED = CHAT.replace("{\"model\"", "{\"stream\": true, \"model\"");

    @TempDir
    Path folder;

    private final FakeUpstream provider = new FakeUpstream();
    private Gateway gateway;

    private void open(String drain) throws Exception {
        Path file = Files.write(
                folder.resolve("tollgate.yaml"),
                List.of(
                        "providers:",
                        "  one: { like: openai-compatible, base-url: '" + provider.uri() + "/v1' }",
                        "models: { smart: { targets: [one/m] } }",
                        "access: { open: true }",
                        "server: { log: false, drain: " + drain + " }"));
        gateway = GatewayFactory.open(file);
    }

    @AfterEach
    void end() {
        gateway.close();
        provider.close();
    }

    @Test
    void aStreamThatTakesLongerThanTheDrainEndsWithTheTypedError() throws Exception {
        open("200ms");
        provider.always(peer -> peer.stream().data(CHUNK).untilClosed());
        FakeExchange openAi = begin("/v1/chat/completions", STREAMED);
        FakeExchange anthropic =
                begin("/v1/messages", STREAMED.replace("{\"stream\"", "{\"max_tokens\": 10, \"stream\""));
        await().until(() -> openAi.text().contains("Hel") && anthropic.text().contains("Hel"));

        gateway.close();

        assertThat(openAi.isEnded()).isTrue();
        assertThat(openAi.text()).contains("\"code\":\"draining\"").doesNotContain("[DONE]");
        assertThat(anthropic.isEnded()).isTrue();
        assertThat(anthropic.text()).contains("event: error", "closing").doesNotContain("message_stop");
        await().until(() -> provider.closedByClient() == 2);
    }

    @Test
    void aCallWhoseAnswerHasNotComeWithinTheDrainIsToldSo() throws Exception {
        open("200ms");
        provider.always(peer -> peer.untilClosed());
        FakeExchange waiting = begin("/v1/chat/completions", CHAT);
        await().until(() -> provider.playing() == 1);

        gateway.close();

        assertDraining(waiting);
    }

    @Test
    void aCallThatWaitsForItsNextTryIsToldSoToo() throws Exception {
        open("100ms");
        provider.always(peer -> peer.json(429, "{}", "retry-after: 20"));
        FakeExchange waiting = begin("/v1/chat/completions", CHAT);
        await().until(() -> !provider.requests().isEmpty());

        gateway.close();

        assertThat(waiting.isEnded()).isTrue();
        assertThat(waiting.status()).isIn(429, 503);
        assertThat(provider.requests()).hasSize(1);
    }

    @Test
    void newCallsAreSentToOtherNodesFromTheFirstMomentOn() throws Exception {
        open("30s");
        CountDownLatch enough = new CountDownLatch(1);
        provider.always(
                peer -> peer.stream().data(CHUNK).await(enough).data("[DONE]").endChunks());
        FakeExchange running = begin("/v1/chat/completions", STREAMED);
        await().until(() -> running.text().contains("Hel"));

        Thread closing = new Thread(gateway::close);
        closing.start();
        await().until(() -> ready() == 503);
        FakeExchange late = begin("/v1/chat/completions", CHAT);
        await().until(late::isEnded);
        Thread again = new Thread(gateway::close);
        again.start();

        assertDraining(late);
        assertThat(late.answerHeader("connection")).contains("close");
        assertThat(closing.isAlive()).isTrue();
        enough.countDown();
        closing.join();
        again.join();
        assertThat(running.text()).contains("[DONE]");
        assertThat(provider.requests()).hasSize(1);
    }

    @Test
    void whatADepartedCallersAnswerWasReadForIsNotWaitedForAfterTheDrain() throws Exception {
        open("100ms");
        provider.always(peer -> peer.stream().data(CHUNK).untilClosed());
        FakeExchange leaving = begin("/v1/chat/completions", STREAMED);
        await().until(() -> leaving.text().contains("Hel"));
        leaving.leave(true);

        long before = System.nanoTime();
        gateway.close();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        await().until(() -> provider.closedByClient() == 1);
    }

    private static void assertDraining(FakeExchange call) {
        assertThat(call.isEnded()).isTrue();
        assertThat(call.status()).isEqualTo(503);
        assertThat(call.answerHeader("x-tollgate-error")).contains("gateway_draining");
        assertThat(call.answerHeader("retry-after")).contains("1");
    }

    private int ready() {
        FakeExchange page = new FakeExchange("GET", "/tollgate/health/ready", Map.of(), new byte[0]);
        gateway.handle(page);
        await().until(page::isEnded);
        return page.status();
    }

    private FakeExchange begin(String path, String body) {
        FakeExchange exchange = new FakeExchange("POST", path, Map.of(), body.getBytes(UTF_8));
        gateway.handle(exchange);
        return exchange;
    }
}
