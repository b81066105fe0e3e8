package dev.tollgate.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponse;
import com.openai.errors.NotFoundException;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import dev.tollgate.Gateway;
import dev.tollgate.GatewayFactory;
import dev.tollgate.receive.BodyTerms;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.RawClient;
import dev.tollgate.testing.RealGateway;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Uploads through real containers: large ones in little memory, and those of OpenAI's own SDK. */
@Timeout(120)
class RelayedUploadTest {
    private static final long MIB = 1 << 20;
    private static final int SIZE = 200 << 20;

    @TempDir
    Path folder;

    private final FakeUpstream upstream = new FakeUpstream();
    private final CountDownLatch gate = new CountDownLatch(1);
    private Gateway gateway;
    private TestContainer container;

    @BeforeEach
    void open() throws Exception {
        Path file = folder.resolve("tollgate.yaml");
        Files.writeString(file, """
                providers: { house: { like: openai-compatible, base-url: '%s/v1' } }
                models: { ears: { targets: [house/whisper-1] } }
                keys:
                  - { name: all, sha256: %s, models: ['*'] }
                  - { name: other, sha256: %s, models: ['*'] }
                server: { log: false }
                """.formatted(
                        upstream.uri(), RealGateway.sha256(RealGateway.KEY), RealGateway.sha256(RealGateway.SLOW_KEY)));
        gateway = GatewayFactory.open(file);
    }

    @AfterEach
    void close() {
        gate.countDown();
        container.close();
        gateway.close();
        upstream.close();
    }

    private void start(TestContainer.Kind kind, boolean async) throws Exception {
        container = new TestContainer.App(kind)
                .filter("tollgate", new TollgateFilter(gateway, BodyTerms.DEFAULT), async, Map.of())
                .start();
    }

    private static long liveHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @ParameterizedTest
    @CsvSource({"TOMCAT,true", "JETTY,true", "TOMCAT,false"})
    void aLargeUploadIsHeldBackByASlowProviderAndTakesLittleMemory(TestContainer.Kind kind, boolean async)
            throws Exception {
        start(kind, async);
        AtomicLong arrived = new AtomicLong();
        upstream.readingBodiesLater().always(peer -> {
            arrived.addAndGet(peer.readBytes(1 << 20).length);
            peer.await(gate);
            arrived.addAndGet(peer.skipBody(1 << 20));
            peer.json(200, "{\"id\":\"file-1\",\"object\":\"file\"}");
        });
        byte[] start = """
                --XyZ
                Content-Disposition: form-data; name="purpose"

                batch
                --XyZ
                Content-Disposition: form-data; name="file"; filename="a"

                """.replace("\n", "\r\n").getBytes(UTF_8);
        byte[] end = "\r\n--XyZ--\r\n".getBytes(UTF_8);
        byte[] piece = new byte[64 << 10];
        long length = start.length + (long) SIZE + end.length;
        long before = liveHeap();
        AtomicLong sent = new AtomicLong();

        try (RawClient caller = new RawClient(container.port())) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                caller.send("POST /v1/files HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer " + RealGateway.KEY
                        + "\r\nContent-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: " + length
                        + "\r\n\r\n");
                caller.send(start);
                for (int at = 0; at < SIZE; at += piece.length) {
                    caller.send(piece);
                    sent.addAndGet(piece.length);
                }
                caller.send(end);
            });
            long[] last = {-1};
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        boolean still = last[0] == sent.get() && last[0] > 0;
                        last[0] = sent.get();
                        return still;
                    });
            // What the sockets between hold, and no more.
            assertThat(sent.get()).isLessThan(64 * MIB);
            assertThat(liveHeap() - before).as("growth of the heap").isLessThan(16 * MIB);

            gate.countDown();
            sending.join();
            assertThat(caller.readAnswer().body()).contains("file-1");
        }
        assertThat(arrived.get()).isEqualTo(length);
        assertThat(upstream.lastRequest().header("content-length")).contains(String.valueOf(length));
    }

    @ParameterizedTest
    @EnumSource
    void aProviderThatRefusesEarlyIsHeard(TestContainer.Kind kind) throws Exception {
        start(kind, true);
        upstream.readingBodiesLater().always(peer -> {
            peer.readBytes(1000);
            peer.json(400, "{\"error\":{\"message\":\"no such purpose\"}}").await(gate);
        });
        int size = 8 << 20;
        byte[] form = ("--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"
                        + "x".repeat(size) + "\r\n--XyZ--\r\n")
                .getBytes(UTF_8);

        try (RawClient caller = new RawClient(container.port())) {
            caller.send("POST /v1/files HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer " + RealGateway.KEY
                            + "\r\nContent-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: " + form.length
                            + "\r\n\r\n")
                    .send(form);
            RawClient.Answer answer = caller.readAnswer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("no such purpose");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whenTheCallerLeavesInTheMiddleTheProviderIsLeftToo(TestContainer.Kind kind) throws Exception {
        start(kind, true);
        upstream.readingBodiesLater().always(peer -> peer.readBody());
        try (RawClient caller = new RawClient(container.port())) {
            caller.send("POST /v1/files HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer " + RealGateway.KEY
                    + "\r\nContent-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: 10000000\r\n\r\n"
                    + "x".repeat(200_000));
            await().until(() -> upstream.playing() == 1);
            caller.vanish();
        }
        await().until(() -> upstream.playing() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void openAisOwnSdkUploadsReadsAndTranscribes(TestContainer.Kind kind) throws Exception {
        start(kind, true);
        OpenAIClient mine = client(RealGateway.KEY);
        OpenAIClient theirs = client(RealGateway.SLOW_KEY);
        String file = "{\"id\":\"file-1\",\"object\":\"file\",\"bytes\":3,\"created_at\":1,\"filename\":\"a.jsonl\","
                + "\"purpose\":\"batch\",\"status\":\"processed\"}";
        upstream.then(peer -> peer.json(200, file));

        FileObject made = mine.files()
                .create(FileCreateParams.builder()
                        .file("abc".getBytes(UTF_8))
                        .purpose(FilePurpose.BATCH)
                        .build());

        assertThat(made.id()).isEqualTo("file-1");
        assertThat(upstream.lastRequest().text()).contains("abc", "name=\"purpose\"");
        upstream.then(peer -> peer.answer(200, "application/octet-stream", "abc"));
        try (HttpResponse content = mine.files().content("file-1")) {
            assertThat(content.body()).hasContent("abc");
        }
        upstream.then(peer -> peer.json(
                200,
                "{\"object\":\"list\",\"data\":[" + file + "," + file.replace("file-1", "file-2")
                        + "],\"has_more\":false}"));
        assertThat(mine.files().list().items()).extracting(FileObject::id).containsExactly("file-1");
        Assertions.assertThatThrownBy(() -> theirs.files().retrieve("file-1")).isInstanceOf(NotFoundException.class);
        upstream.then(peer -> peer.json(200, "{\"id\":\"file-1\",\"object\":\"file\",\"deleted\":true}"));
        assertThat(mine.files().delete("file-1").deleted()).isTrue();

        upstream.then(peer -> peer.json(200, "{\"text\":\"hello\"}"));
        String text = mine.audio()
                .transcriptions()
                .create(TranscriptionCreateParams.builder()
                        .file(new byte[300_000])
                        .model("ears")
                        .build())
                .asTranscription()
                .text();
        assertThat(text).isEqualTo("hello");
        assertThat(upstream.lastRequest().text()).contains("whisper-1").doesNotContain("ears");
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + container.port() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .build();
    }
}
