package dev.tollgate.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.RawClient;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stand-alone gateway is told to end while a slow stream runs. */
@Timeout(300)
class ShutdownIT {
    private static final String CHUNK =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"},\"finish_reason\":null}]}";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void aStreamFinishesWithinTheDrainWhileNewCallsAreSentElsewhere() throws Exception {
        CountDownLatch enough = new CountDownLatch(1);
        try (FakeUpstream upstream = new FakeUpstream()
                        .always(peer -> peer.stream()
                                .data(CHUNK)
                                .await(enough)
                                .data("[DONE]")
                                .endChunks());
                StandAloneProcess gateway = start(upstream, "60s");
                RawClient caller = stream(gateway)) {
            HttpClient client = HttpClient.newHttpClient();
            gateway.terminate();

            await().atMost(PATIENCE).until(() -> ready(client, gateway) == 503);
            HttpResponse<String> late = client.send(gateway.chat("Hi", false).build(), BodyHandlers.ofString());
            assertThat(late.statusCode()).isEqualTo(503);
            assertThat(late.body()).contains("\"code\":\"draining\"");
            assertThat(late.headers().firstValue("connection")).contains("close");
            assertThat(gateway.isAlive()).isTrue();
            enough.countDown();

            assertThat(caller.readToEnd(PATIENCE).text())
                    .contains("data: [DONE]")
                    .endsWith("\r\n0\r\n\r\n");
            assertThat(gateway.awaitEnd(PATIENCE)).isEqualTo(143);
        }
    }

    @Test
    void aStreamThatTakesLongerEndsWithTheTypedError() throws Exception {
        try (FakeUpstream upstream = new FakeUpstream()
                        .always(peer -> peer.stream().data(CHUNK).untilClosed());
                StandAloneProcess gateway = start(upstream, "500ms");
                RawClient caller = stream(gateway)) {
            gateway.terminate();

            assertThat(caller.readToEnd(PATIENCE).text())
                    .contains("\"code\":\"draining\"")
                    .doesNotContain("[DONE]")
                    .endsWith("\r\n0\r\n\r\n");
            assertThat(gateway.awaitEnd(PATIENCE)).isEqualTo(143);
            await().until(() -> upstream.closedByClient() == 1);
        }
    }

    private StandAloneProcess start(FakeUpstream upstream, String drain) {
        return StandAloneProcess.start(
                folder, List.of(), List.of(), upstream.uri(), "server: { log: false, drain: " + drain + " }");
    }

    private static RawClient stream(StandAloneProcess gateway) {
        RawClient caller = new RawClient(gateway.port()).send(StandAloneProcess.raw("Hi", true));
        assertThat(caller.readUntil("Hel", PATIENCE).text()).contains("Hel");
        return caller;
    }

    private static int ready(HttpClient client, StandAloneProcess gateway) throws Exception {
        HttpRequest page =
                HttpRequest.newBuilder(gateway.uri("/tollgate/health/ready")).build();
        return client.send(page, BodyHandlers.discarding()).statusCode();
    }
}
