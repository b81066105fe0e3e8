package dev.tollgate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Received;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that are not translated, to a provider that the gateway has several keys for. */
class RelayedCredentialsTest {
    private static final String DOCUMENT = "{\"model\":\"ears\",\"input\":\"hi\",\"voice\":\"alloy\"}";

    @TempDir
    Path folder;

    private final FakeUpstream provider = new FakeUpstream();
    private Gateway gateway;

    @BeforeEach
    void open() throws Exception {
        Path one = Files.writeString(folder.resolve("one"), "key-one-of-two");
        Path two = Files.writeString(folder.resolve("two"), "key-two-of-two");
        Path file = folder.resolve("tollgate.yaml");
        Files.writeString(file, """
                providers:
                  one:
                    like: openai-compatible
                    base-url: '%s/v1'
                    api-keys: [ { name: a, key: '${file:%s}' }, { name: b, key: '${file:%s}' } ]
                models:
                  ears: { targets: [ one/whisper-1 ] }
                keys:
                  - { name: all, sha256: %s, models: ['*'] }
                server: { log: false }
                """.formatted(provider.uri(), one, two, RealGateway.sha256(RealGateway.KEY)));
        gateway = GatewayFactory.open(file);
    }

    @AfterEach
    void close() {
        gateway.close();
        provider.close();
    }

    private FakeExchange call(String path, String type, String body) {
        FakeExchange call = new FakeExchange(
                "POST",
                path,
                Map.of("authorization", "Bearer " + RealGateway.KEY, "content-type", type),
                body.getBytes(UTF_8));
        gateway.handle(call);
        await().until(() -> call.isEnded() || call.isAborted());
        return call;
    }

    @Test
    void aDocumentIsSentAgainWithAnotherKey() {
        provider.then(peer -> peer.json(401, "{}")).always(peer -> peer.json(200, "{\"text\":\"hello\"}"));

        FakeExchange call = call("/v1/audio/speech", "application/json", DOCUMENT);

        assertThat(call.status()).isEqualTo(200);
        assertThat(provider.requests())
                .extracting(request -> request.header("authorization").orElse(""))
                .containsExactlyInAnyOrder("Bearer key-one-of-two", "Bearer key-two-of-two");
        assertThat(provider.requests()).extracting(Received::text).allMatch(text -> text.contains("whisper-1"));
        assertThat(call.answerHeader("x-tollgate-attempts")).contains("2");
    }

    @Test
    void aFormThatIsNotKeptIsSentOnce() {
        provider.always(peer -> peer.json(401, "{}"));
        String form = "--X\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nears\r\n"
                + "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n"
                + "RIFF".repeat(50_000) + "\r\n--X--\r\n";

        FakeExchange call = call("/v1/audio/transcriptions", "multipart/form-data; boundary=X", form);

        assertThat(call.status()).isEqualTo(502);
        assertThat(call.answerHeader("x-tollgate-error")).contains("provider_auth_failed");
        assertThat(provider.requests()).hasSize(1);
    }
}
