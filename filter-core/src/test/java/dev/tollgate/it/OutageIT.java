package dev.tollgate.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.Peer;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.ServerProcess;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.Talk;
import dev.tollgate.testing.Webapp;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * All providers of a model are down for a minute, each in its own way, and then up again, with calls coming all the while through
 * a real server.
 */
@Tag("soak")
class OutageIT {
    private static final String NAMES = "abc";
    private static final int CALLS_PER_SECOND = 40;
    private static final double DOWN_FROM = 15;
    private static final double DOWN_UNTIL = 75;
    private static final double END = 95;

    private final Queue<Double> asked = new ConcurrentLinkedQueue<>();
    private final Queue<Answered> answered = new ConcurrentLinkedQueue<>();
    private long begun;

    private record Answered(double at, int status, boolean honest) {}

    @Test
    void anOutageMakesNoStormAndIsOverTenSecondsAfterItIsOver() throws Exception {
        List<FakeUpstream> upstreams = new ArrayList<>();
        for (int i = 0; i < NAMES.length(); i++) {
            char name = NAMES.charAt(i);
            upstreams.add(new FakeUpstream().always(peer -> answer(name, peer)));
        }
        Webapp app = Webapp.named("ai").withGateway().with("WEB-INF/tollgate.yaml", configuration(upstreams));
        try (ServerProcess server = ServerProcess.start(Servers.TOMCAT_11, "outage", Map.of("FAKE_KEY", "fake"), app)) {
            call(server);
        } finally {
            upstreams.forEach(FakeUpstream::close);
        }
        long attempts = asked.stream().filter(at -> isDown(at)).count();
        long calls = answered.stream().filter(each -> isDown(each.at)).count();
        System.out.printf("outage: %d calls, %d attempts%n", calls, attempts);
        assertThat(attempts).isBetween(1L, calls * 120 / 100);
        assertThat(answered.stream().filter(each -> each.at < DOWN_FROM)).allMatch(each -> each.status == 200);
        assertThat(answered.stream().filter(each -> isDown(each.at) && each.at < DOWN_UNTIL - 5))
                .allMatch(each -> each.status >= 500 && each.honest);
        assertThat(answered.stream().filter(each -> each.at > DOWN_UNTIL + 10)).allMatch(each -> each.status == 200);
    }

    private static boolean isDown(double at) {
        return at >= DOWN_FROM && at < DOWN_UNTIL;
    }

    private double seconds() {
        return (System.nanoTime() - begun) / 1e9;
    }

    private void answer(char name, Peer peer) throws Exception {
        double at = seconds();
        asked.add(at);
        if (!isDown(at)) {
            peer.json(200, Talk.OPENAI.whole("Hello"));
        } else if (name == 'a') {
            peer.close();
        } else {
            peer.json(name == 'b' ? 503 : 500, "{}");
        }
    }

    private void call(ServerProcess server) throws Exception {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(server.uri("/ai/v1/chat/completions"))
                .header("authorization", "Bearer " + RealGateway.KEY)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(
                        "{\"model\":\"smart\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", UTF_8))
                .build();
        List<CompletableFuture<?>> calls = Collections.synchronizedList(new ArrayList<>());
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(2);
        begun = System.nanoTime();
        for (int i = 0; i < END * CALLS_PER_SECOND; i++) {
            Runnable next = () -> calls.add(call(http, request));
            var unused = clock.schedule(next, i * 1_000_000L / CALLS_PER_SECOND, TimeUnit.MICROSECONDS);
        }
        clock.shutdown();
        assertThat(clock.awaitTermination((long) END + 30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture.allOf(calls.toArray(CompletableFuture<?>[]::new)).get(30, TimeUnit.SECONDS);
    }

    /** A failure is told honestly where SDKs hear that they need not try again, or when. */
    private CompletableFuture<?> call(HttpClient http, HttpRequest request) {
        double at = seconds();
        return http.sendAsync(request, BodyHandlers.ofString()).thenAccept(answer -> {
            boolean told = answer.headers().firstValue("x-should-retry").isPresent()
                    || answer.headers().firstValue("retry-after").isPresent();
            answered.add(new Answered(at, answer.statusCode(), told));
        });
    }

    private static String configuration(List<FakeUpstream> upstreams) {
        StringBuilder yaml = new StringBuilder("providers:\n");
        for (int i = 0; i < NAMES.length(); i++) {
            yaml.append("  %s: { like: openai-compatible, base-url: \"%s/v1\", api-key: \"${env:FAKE_KEY}\" }\n"
                    .formatted(NAMES.charAt(i), upstreams.get(i).uri()));
        }
        return yaml + """
                models:
                  smart: { targets: [ a/m, b/m, c/m ] }
                keys:
                  - { name: all, sha256: "%s", models: ["*"] }
                server: { log: false }
                """.formatted(RealGateway.sha256(RealGateway.KEY));
    }
}
