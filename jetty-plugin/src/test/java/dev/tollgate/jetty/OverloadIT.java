package dev.tollgate.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.Peer;
import dev.tollgate.testing.RawClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that has less than it would need refuses some calls, serves the others, and goes on. */
@Timeout(600)
class OverloadIT {
    private static final String CHUNK =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"delta\":{\"content\":\"Hel\"},\"finish_reason\":null}]}";

    @TempDir
    Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Far more callers than descriptors, each of which stays as long as its stream does. */
    @Test
    void itOutlivesTheEndOfItsFileDescriptors() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/prlimit"))).isTrue();
        CountDownLatch enough = new CountDownLatch(1);
        try (FakeUpstream upstream = new FakeUpstream().always(peer -> streamUntil(peer, enough));
                StandAloneProcess gateway = StandAloneProcess.start(
                        folder, List.of("/usr/bin/prlimit", "--nofile=256"), List.of("-Xmx256m"), upstream.uri())) {
            List<RawClient> callers = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                callers.add(new RawClient(gateway.port()).send(StandAloneProcess.raw("Hi", true)));
            }
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(answered(callers)).isGreaterThan(150));
            Map<Integer, Integer> statuses = statuses(callers);

            assertThat(statuses.keySet()).isSubsetOf(0, 200, 503); // 0 has not been accepted yet
            assertThat(statuses).containsKeys(200, 503);
            enough.countDown();
            callers.forEach(RawClient::close);

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(
                                    client.send(gateway.chat("Hi", true).build(), BodyHandlers.ofString())
                                            .body())
                            .endsWith("data: [DONE]\n\n"));
            assertThat(gateway.log()).doesNotContain("OutOfMemoryError", "a fault of the gateway's own");
        }
    }

    @Test
    void aSmallHeapRefusesCallsInsteadOfEnding() throws Exception {
        overloadTheHeap(1_000);
    }

    @Test
    @Tag("soak")
    void aSmallHeapRefusesCallsInsteadOfEndingAlsoInTheLongRun() throws Exception {
        overloadTheHeap(5_000);
    }

    private void overloadTheHeap(int calls) throws Exception {
        try (StandAloneProcess gateway = StandAloneProcess.start(
                folder,
                List.of(),
                List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"),
                null,
                "server: { log: false }")) {
            Map<Integer, Integer> statuses = new HashMap<>();
            Semaphore underWay = new Semaphore(200);
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                underWay.acquire();
                String text = "x".repeat(i % 10 == 0 ? 2_000_000 : i % 3 == 0 ? 100_000 : 100);
                all.add(client.sendAsync(gateway.chat(text, i % 2 == 0).build(), BodyHandlers.discarding())
                        .handle((answer, failure) -> answer == null ? 0 : answer.statusCode())
                        .thenAccept(status -> {
                            synchronized (statuses) {
                                statuses.merge(status, 1, Integer::sum);
                            }
                            underWay.release();
                        }));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();

            assertThat(gateway.isAlive()).as(gateway.log()).isTrue();
            assertThat(gateway.log()).doesNotContain("OutOfMemoryError", "a fault of the gateway's own");
            assertThat(statuses.keySet())
                    .as(statuses.toString())
                    .isSubsetOf(200, 503)
                    .contains(200);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(send(gateway).statusCode()).isEqualTo(200));
        }
    }

    private HttpResponse<String> send(StandAloneProcess gateway) throws IOException, InterruptedException {
        return client.send(gateway.chat("Hi", false).build(), BodyHandlers.ofString());
    }

    private static void streamUntil(Peer peer, CountDownLatch enough) throws Exception {
        peer.stream().data(CHUNK).await(enough).data("[DONE]").endChunks();
    }

    private static long answered(List<RawClient> callers) {
        return statuses(callers).entrySet().stream()
                .filter(entry -> entry.getKey() != 0)
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private static Map<Integer, Integer> statuses(List<RawClient> callers) {
        Map<Integer, Integer> statuses = new HashMap<>();
        callers.forEach(caller ->
                statuses.merge(caller.readUntil("\r\n", Duration.ofMillis(1)).status(), 1, Integer::sum));
        return statuses;
    }
}
