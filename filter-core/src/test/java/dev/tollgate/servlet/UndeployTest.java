package dev.tollgate.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.RawClient;
import dev.tollgate.testing.RawClient.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application is undeployed while a slow stream runs. */
@Timeout(120)
class UndeployTest {
    private static final String CHUNK =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"},\"finish_reason\":null}]}";
    private static final String STREAMED =
            "{\"model\": \"smart\", \"stream\": true, \"messages\": " + "[{\"role\": \"user\", \"content\": \"Hi\"}]}";

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(TestContainer.Kind.class)
    void aStreamFinishesWithinTheDrain(TestContainer.Kind kind) throws Exception {
        CountDownLatch enough = new CountDownLatch(1);
        try (FakeUpstream provider = new FakeUpstream()
                        .always(peer -> peer.stream()
                                .data(CHUNK)
                                .await(enough)
                                .data(CHUNK)
                                .data("[DONE]")
                                .endChunks());
                TestContainer container = start(kind, provider, "30s");
                RawClient client = stream(container)) {
            CompletableFuture<Void> undeploying = undeploy(container);
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true); // Tomcat itself waits for two seconds
            assertThat(undeploying).isNotDone();
            enough.countDown();

            Answer answer = client.readUntil("[DONE]", Duration.ofSeconds(20));
            assertThat(answer.text()).contains("data: [DONE]");
            undeploying.get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource(TestContainer.Kind.class)
    void aStreamThatTakesLongerEndsWithTheTypedError(TestContainer.Kind kind) throws Exception {
        try (FakeUpstream provider = new FakeUpstream()
                        .always(peer -> peer.stream().data(CHUNK).untilClosed());
                TestContainer container = start(kind, provider, "500ms");
                RawClient client = stream(container)) {
            CompletableFuture<Void> undeploying = undeploy(container);

            Answer answer = client.readUntil("\r\n0\r\n\r\n", Duration.ofSeconds(20));
            assertThat(answer.text())
                    .contains("\"code\":\"draining\"")
                    .doesNotContain("[DONE]")
                    .endsWith("\r\n0\r\n\r\n");
            undeploying.get(20, TimeUnit.SECONDS);
            await().until(() -> provider.closedByClient() == 1);
        }
    }

    private static RawClient stream(TestContainer container) {
        RawClient client = new RawClient(container.port()).post("/v1/chat/completions", STREAMED);
        assertThat(client.readUntil("Hel", Duration.ofSeconds(20)).text()).contains("Hel");
        return client;
    }

    private static CompletableFuture<Void> undeploy(TestContainer container) {
        return CompletableFuture.runAsync(() -> {
            try {
                container.undeploy();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private TestContainer start(TestContainer.Kind kind, FakeUpstream provider, String drain) throws Exception {
        Path file = Files.write(
                folder.resolve("tollgate.yaml"),
                List.of(
                        "providers:",
                        "  one: { like: openai-compatible, base-url: '" + provider.uri() + "/v1' }",
                        "models: { smart: { targets: [one/m] } }",
                        "access: { open: true }",
                        "server: { log: false, drain: " + drain + " }"));
        return new TestContainer.App(kind)
                .filter("gateway", new TollgateFilter(), true, Map.of("config", file.toString()))
                .start();
    }
}
