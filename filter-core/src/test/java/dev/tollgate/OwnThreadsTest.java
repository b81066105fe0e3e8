package dev.tollgate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.RealGateway;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OwnThreadsTest {
    @TempDir
    Path folder;

    private static Set<Thread> running() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().startsWith("tollgate-"))
                .collect(Collectors.toSet());
    }

    private Gateway open(FakeUpstream upstream) throws Exception {
        Path file = folder.resolve("tollgate.yaml");
        Files.writeString(file, """
                providers: { house: { like: openai-compatible, base-url: '%s/v1' }, echo: { like: echo } }
                models:
                  some: { targets: [house/one] }
                  offline: { targets: [echo/echo] }
                keys: [ { name: all, sha256: %s, models: ['*'] } ]
                server: { log: false }
                """.formatted(
                upstream.uri().toString().replace("127.0.0.1", "localhost"), RealGateway.sha256(RealGateway.KEY)));
        return GatewayFactory.open(file);
    }

    private static void call(Gateway gateway, String model) {
        FakeExchange exchange = new FakeExchange(
                "POST",
                "/v1/chat/completions",
                Map.of("authorization", "Bearer " + RealGateway.KEY),
                ("{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                        .getBytes(UTF_8));
        gateway.handle(exchange);
        await().until(exchange::isEnded);
    }

    @Test
    void noneSurvivesTheGateway() throws Exception {
        Set<Thread> before = running();
        try (FakeUpstream upstream = new FakeUpstream()) {
            upstream.always(peer -> peer.json(200, "{}"));
            Gateway gateway = open(upstream);
            call(gateway, "some");
            call(gateway, "offline");
            Set<Thread> during = running();
            during.removeAll(before);
            assertThat(during).extracting(Thread::getName).contains("tollgate-dns", "tollgate-echo", "tollgate-timer");

            gateway.close();
            // An executor has ended a moment before its threads have.
            await().atMost(Duration.ofSeconds(2))
                    .untilAsserted(
                            () -> assertThat(during).filteredOn(Thread::isAlive).isEmpty());
        }
    }

    @Test
    void noneKeepsTheApplicationWhoseCallNeededItFirst() throws Exception {
        Thread self = Thread.currentThread();
        ClassLoader mine = self.getContextClassLoader();
        Set<Thread> before = running();
        try (FakeUpstream upstream = new FakeUpstream();
                URLClassLoader application = new URLClassLoader(new URL[0], mine)) {
            upstream.always(peer -> peer.json(200, "{}"));
            Gateway gateway = open(upstream);
            self.setContextClassLoader(application);
            call(gateway, "some");
            call(gateway, "offline");
            Set<Thread> during = running();
            during.removeAll(before);

            assertThat(during).isNotEmpty().allMatch(each -> each.getContextClassLoader() != application);
            gateway.close();
        } finally {
            self.setContextClassLoader(mine);
        }
    }
}
