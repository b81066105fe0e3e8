package dev.tollgate.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.testing.RawClient;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.ServerProcess;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.StreamingUpstream;
import dev.tollgate.testing.Webapp;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many slow streams at once, callers that leave, and callers that do not read, in real servers with their default threads. */
@ParameterizedClass
@EnumSource
class ManyStreamsIT {
    private static final int STREAMS = 2000;

    /** So many arrive at once: a server makes a thread for each that it has not looked at yet. */
    private static final int LOT = 20;

    private static final long MIB = 1024 * 1024;
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String CONFIGURATION = """
            providers:
              house: { like: openai-compatible, base-url: "%s/v1" }
            models:
              slow: { targets: [ { use: house/slow } ] }
              flood: { targets: [ { use: house/flood } ] }
            keys:
              - { name: all, sha256: "%s", models: ["*"] }
            limits:
              - { per: key, concurrent: 5000 }
            server:
              metrics: { path: /tollgate/metrics }
            """;

    private static StreamingUpstream upstream;
    private static ServerProcess server;

    ManyStreamsIT(Servers kind) {
        assertThat(server).as("%s has started", kind).isNotNull();
        upstream.finish(false);
    }

    @BeforeParameterizedClassInvocation
    static void start(Servers kind) {
        upstream = new StreamingUpstream(INTERVAL);
        String configuration = CONFIGURATION.formatted(upstream.uri(), RealGateway.sha256(RealGateway.KEY));
        Webapp app = Webapp.named("ai").withGateway().with("WEB-INF/tollgate.yaml", configuration);
        server = ServerProcess.start(kind, "streams", List.of("-Xmx512m"), Map.of(), app);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        server.close();
        upstream.close();
    }

    @AfterEach
    void nothingIsUnderWayAnyMore() {
        upstream.finish(true);
        await().atMost(PATIENCE).until(() -> inFlight() == 0 && upstream.streaming() == 0);
    }

    @Test
    void twoThousandSlowStreamsRunOnFewThreadsAndInLittleMemory(TestReporter report) {
        int threads;
        long early;
        long late;
        ExecutorService executor = Executors.newFixedThreadPool(2);
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(executor)
                .build();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        try {
            for (int lot = 0; lot < STREAMS; lot += LOT) {
                for (int number = lot; number < lot + LOT; number++) {
                    answers.add(http.sendAsync(request(number % 2 == 0), BodyHandlers.ofString()));
                }
                int begun = lot + LOT;
                await().atMost(PATIENCE).until(() -> upstream.streaming() >= begun);
            }
            assertThat(inFlight()).isEqualTo(STREAMS);
            early = server.liveHeapBytes();
            threads = server.threads();
            await().pollDelay(INTERVAL.multipliedBy(6)).until(() -> true);
            late = server.liveHeapBytes();
            threads = Math.max(threads, server.threads());
            assertThat(inFlight()).isEqualTo(STREAMS);
        } finally {
            upstream.finish(true);
        }
        CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).join();
        executor.shutdown();

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.join().statusCode()).isEqualTo(200);
            assertThat(answer.join().body()).containsAnyOf("[DONE]", "event: message_stop");
        });
        assertThat(threads).as("threads").isLessThan(100);
        assertThat(late - early).as("growth of the heap").isLessThan(16 * MIB);
        report.publishEntry(Map.of(
                "streams", String.valueOf(STREAMS),
                "threads", String.valueOf(threads),
                "heap-mib", String.valueOf(late / MIB),
                "resident-mib", String.valueOf(server.residentBytes() / MIB)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whenTheCallerLeavesTheProvidersConnectionIsClosedAfterTheNextEvent(boolean ownDialect) {
        int before = upstream.left();
        try (RawClient caller = new RawClient(server.port())) {
            send(caller, ownDialect, "slow");
            assertThat(caller.readUntil("Hello", PATIENCE).text()).contains("Hello");
            assertThat(upstream.left()).isEqualTo(before);

            caller.vanish();
        }

        // The next event comes within the interval; a second more, and half a second because the machine may be busy.
        await().pollInterval(Duration.ofMillis(20))
                .atMost(INTERVAL.plusMillis(1500))
                .until(() -> upstream.left() == before + 1);
        await().until(() -> inFlight() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallerThatDoesNotReadHoldsTheProviderBack(boolean ownDialect) {
        long sent = upstream.bytesSent();
        long heap = server.liveHeapBytes();
        try (RawClient caller = new RawClient(server.port())) {
            send(caller, ownDialect, "flood");
            caller.readUntil("Hello", PATIENCE);

            // What the sockets of both connections buffer; the gateway itself keeps some dozens of KiB.
            long[] last = {-1};
            await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(2)).until(() -> {
                boolean still = last[0] == upstream.bytesSent();
                last[0] = upstream.bytesSent();
                return still;
            });
            assertThat(upstream.bytesSent() - sent).isLessThan(16 * MIB);
            assertThat(server.liveHeapBytes() - heap).as("growth of the heap").isLessThan(4 * MIB);

            // It is not stuck: who reads gets it all.
            upstream.finish(true);
            String end = ownDialect ? "[DONE]" : "event: message_stop";
            assertThat(caller.readUntil(end, PATIENCE).text()).contains(end);
        }
    }

    private static HttpRequest request(boolean ownDialect) {
        return HttpRequest.newBuilder(server.uri("/ai" + path(ownDialect)))
                .header("x-api-key", RealGateway.KEY)
                .POST(BodyPublishers.ofString(body("slow")))
                .build();
    }

    private static void send(RawClient caller, boolean ownDialect, String model) {
        byte[] body = body(model).getBytes(UTF_8);
        caller.send("POST /ai" + path(ownDialect) + " HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + RealGateway.KEY
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                .send(body);
    }

    private static String path(boolean ownDialect) {
        return ownDialect ? "/v1/chat/completions" : "/v1/messages";
    }

    private static String body(String model) {
        return "{\"model\":\"" + model + "\",\"stream\":true,\"max_tokens\":100,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    }

    private static int inFlight() {
        return RealGateway.metrics(server, "/ai")
                .lines()
                .filter(line -> line.startsWith("tollgate_calls_in_flight "))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
