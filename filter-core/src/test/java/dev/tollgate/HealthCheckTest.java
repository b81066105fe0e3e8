package dev.tollgate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.Peer;
import dev.tollgate.testing.Received;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthCheckTest {
    private static final String CHAT =
            "{\"model\": \"smart\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}";
    private static final String ANSWER = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},"
            + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}";

    @TempDir
    Path folder;

    private volatile int health = 200;

    @Test
    void callsAvoidAProviderWhileItFailsItsHealthCheckAndComeBack() throws Exception {
        try (FakeUpstream first = new FakeUpstream().always(this::serve);
                FakeUpstream second = new FakeUpstream().always(peer -> peer.json(200, ANSWER));
                Gateway gateway = GatewayFactory.open(config(first, second))) {
            assertThat(target(gateway)).isEqualTo("one/m");

            health = 500;
            await().atMost(Duration.ofSeconds(20)).until(() -> target(gateway).equals("two/m"));
            health = 404;
            await().atMost(Duration.ofSeconds(20)).until(() -> target(gateway).equals("one/m"));

            Received asked = first.requests().stream()
                    .filter(request -> request.line().contains("/v1/up"))
                    .findFirst()
                    .orElseThrow();
            assertThat(asked.header("authorization")).contains("Bearer secret");
        }
    }

    private void serve(Peer peer) throws Exception {
        boolean isCheck = peer.request().line().contains("/v1/up");
        peer.json(isCheck ? health : 200, isCheck ? "{}" : ANSWER);
    }

    private static String target(Gateway gateway) {
        FakeExchange call = new FakeExchange("POST", "/v1/chat/completions", Map.of(), CHAT.getBytes(UTF_8));
        gateway.handle(call);
        await().until(call::isEnded);
        return call.answerHeader("x-tollgate-target").orElse("nobody");
    }

    private Path config(FakeUpstream first, FakeUpstream second) throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "secret");
        return Files.write(
                folder.resolve("tollgate.yaml"),
                List.of(
                        "providers:",
                        "  one: { like: openai-compatible, base-url: '" + first.uri() + "/v1', api-key: '${file:" + key
                                + "}',",
                        "         health-check: { path: /up, every: 1s, within: 1s } }",
                        "  two: { like: openai-compatible, base-url: '" + second.uri() + "/v1' }",
                        "models: { smart: { targets: [one/m], fallback: [two/m] } }",
                        "access: { open: true }",
                        "server: { log: false, drain: 1s }"));
    }
}
