package dev.tollgate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.RealGateway;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Responses that a provider stores: they lead back to it, and are there for their owner only. */
@Timeout(60)
class StoredResponsesTest {
    private static final String MINE = RealGateway.KEY;
    private static final String THEIRS = RealGateway.SLOW_KEY;

    @TempDir
    Path folder;

    private final FakeUpstream first = new FakeUpstream();
    private final FakeUpstream second = new FakeUpstream();
    private final FakeUpstream chat = new FakeUpstream();
    private Gateway gateway;

    @BeforeEach
    void open() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "sk-some-key");
        Path file = folder.resolve("tollgate.yaml");
        Files.writeString(file, """
                providers:
                  one: { like: openai, base-url: '%1$s/v1', api-key: '${file:%4$s}' }
                  two: { like: openai, base-url: '%2$s/v1', api-key: '${file:%4$s}' }
                  house: { like: openai-compatible, base-url: '%3$s/v1' }
                models:
                  smart: { targets: [ { use: one/m } ], fallback: [ two/m ] }
                  other: { targets: [ { use: two/m } ] }
                  local: { targets: [ { use: house/m } ] }
                keys:
                  - { name: mine, sha256: %5$s, models: ['*'] }
                  - { name: theirs, sha256: %6$s, models: ['*'] }
                server: { log: false }
                """.formatted(
                first.uri(), second.uri(), chat.uri(), key, RealGateway.sha256(MINE), RealGateway.sha256(THEIRS)));
        gateway = GatewayFactory.open(file);
    }

    @AfterEach
    void close() {
        gateway.close();
        first.close();
        second.close();
        chat.close();
    }

    private static String response(String id, String status) {
        return "{\"id\":\"" + id + "\",\"object\":\"response\",\"created_at\":1,\"status\":\"" + status
                + "\",\"model\":\"m\","
                + "\"output\":[{\"type\":\"message\",\"id\":\"msg_1\",\"role\":\"assistant\",\"status\":\"completed\","
                + "\"content\":[{\"type\":\"output_text\",\"text\":\"hi\",\"annotations\":[]}]}],"
                + "\"usage\":{\"input_tokens\":3,\"output_tokens\":2,\"total_tokens\":5}}";
    }

    private static String ask(String model, String more) {
        return "{\"model\":\"" + model + "\",\"input\":\"Hi\"" + more + "}";
    }

    private FakeExchange call(String method, String path, String key, String body) {
        FakeExchange exchange = new FakeExchange(
                method,
                path,
                Map.of("authorization", "Bearer " + key, "content-type", "application/json"),
                body.getBytes(UTF_8));
        gateway.handle(exchange);
        await().until(() -> exchange.isEnded() || exchange.isAborted());
        assertThat(exchange.fault()).isEmpty();
        return exchange;
    }

    private FakeExchange post(String key, String body) {
        return call("POST", "/v1/responses", key, body);
    }

    @Test
    void aResponseLeadsBackToTheProviderThatMadeItAndForItsOwnerOnly() {
        first.then(peer -> peer.json(503, "{}"));
        second.then(peer -> peer.json(200, response("resp_1", "completed")));
        assertThat(post(MINE, ask("smart", "")).text()).contains("resp_1");

        // It was the second provider that made it, so the first is not asked at all.
        second.then(peer -> peer.json(200, response("resp_2", "completed")));
        assertThat(post(MINE, ask("smart", ",\"previous_response_id\":\"resp_1\""))
                        .status())
                .isEqualTo(200);
        assertThat(second.lastRequest().text()).contains("\"previous_response_id\":\"resp_1\"");
        assertThat(first.requests()).hasSize(1);

        second.then(peer -> peer.json(200, response("resp_1", "completed")));
        assertThat(call("GET", "/v1/responses/resp_1", MINE, "").text()).isEqualTo(response("resp_1", "completed"));
        assertThat(second.lastRequest().line()).isEqualTo("GET /v1/responses/resp_1 HTTP/1.1");
        second.then(peer -> peer.json(200, "{\"object\":\"list\",\"data\":[]}"));
        assertThat(call("GET", "/v1/responses/resp_1/input_items", MINE, "").status())
                .isEqualTo(200);
        second.then(peer -> peer.json(200, "{\"id\":\"resp_1\",\"deleted\":true}"));
        assertThat(call("DELETE", "/v1/responses/resp_1", MINE, "").status()).isEqualTo(200);
        assertThat(call("GET", "/v1/responses/resp_1", MINE, "").status()).isEqualTo(404);

        int asked = second.requests().size();
        assertThat(call("GET", "/v1/responses/resp_2", THEIRS, "").status()).isEqualTo(404);
        assertThat(call("DELETE", "/v1/responses/resp_2", THEIRS, "").status()).isEqualTo(404);
        FakeExchange stolen = post(THEIRS, ask("smart", ",\"previous_response_id\":\"resp_2\""));
        FakeExchange unknown = post(THEIRS, ask("smart", ",\"previous_response_id\":\"resp_9\""));
        assertThat(stolen.status()).isEqualTo(404);
        assertThat(stolen.text())
                .contains("previous_response_not_found", "\"param\":\"previous_response_id\"")
                .isEqualTo(unknown.text().replace("resp_9", "resp_2"));
        assertThat(second.requests()).hasSize(asked);
    }

    @Test
    void aStreamedResponseIsKnownBeforeItsCallerReadsItsId() {
        String created = "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":"
                + response("resp_s", "in_progress")
                        .replaceFirst("\"output\":\\[.*\\],\"usage\"", "\"output\":[],\"usage\"")
                + "}";
        first.then(peer -> peer.stream()
                .event("response.created", created)
                .event(
                        "response.output_text.delta",
                        "{\"type\":\"response.output_text.delta\",\"sequence_number\":1,\"item_id\":\"msg_1\","
                                + "\"output_index\":0,\"content_index\":0,\"delta\":\"hi\"}")
                .event(
                        "response.completed",
                        "{\"type\":\"response.completed\",\"sequence_number\":2,\"response\":"
                                + response("resp_s", "completed") + "}")
                .endChunks());

        assertThat(post(MINE, ask("smart", ",\"stream\":true")).text()).contains("resp_s", "response.completed");

        first.then(peer -> peer.json(200, response("resp_s", "completed")));
        assertThat(call("GET", "/v1/responses/resp_s", MINE, "").status()).isEqualTo(200);
    }

    @Test
    void whatIsNotStoredIsNotRemembered() {
        first.then(peer -> peer.json(200, response("resp_1", "completed")));
        assertThat(post(MINE, ask("smart", ",\"store\":false")).status()).isEqualTo(200);

        assertThat(call("GET", "/v1/responses/resp_1", MINE, "").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "other|,\"previous_response_id\":\"resp_1\"|400|it is kept at",
                "local|,\"previous_response_id\":\"resp_1\"|400|it is kept at",
                "local|,\"background\":true|400|speaks this API itself",
                "smart|,\"conversation\":\"conv_1\"|404|Conversation with id",
                "smart|,\"conversation\":{\"id\":\"conv_1\"}|404|Conversation with id",
            })
    void whatCannotBeHonouredIsRefused(String model, String more, int status, String says) {
        first.then(peer -> peer.json(200, response("resp_1", "completed")));
        post(MINE, ask("smart", ""));

        FakeExchange refused = post(MINE, ask(model, more));

        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.text()).contains(says);
        assertThat(chat.requests()).isEmpty();
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void aResponseInTheBackgroundCanBeCancelled() {
        String queued = response("resp_b", "queued")
                .replaceFirst("\"output\":\\[.*\\],\"usage\":\\{.*\\}\\}", "\"output\":[],\"usage\":null}");
        first.then(peer -> peer.json(200, queued));
        FakeExchange begun = post(MINE, ask("smart", ",\"background\":true,\"store\":true"));
        assertThat(begun.status()).isEqualTo(200);

        first.then(peer -> peer.json(200, response("resp_b", "cancelled")));
        assertThat(call("POST", "/v1/responses/resp_b/cancel", MINE, "").text()).contains("cancelled");
        assertThat(first.lastRequest().line()).isEqualTo("POST /v1/responses/resp_b/cancel HTTP/1.1");
        assertThat(call("POST", "/v1/responses/resp_b/cancel", THEIRS, "").status())
                .isEqualTo(404);
    }

    @Test
    void aResponseInTheBackgroundIsNotRunTwice() {
        first.then(peer -> peer.json(500, "{\"error\":{\"message\":\"boom\"}}"));

        FakeExchange refused = post(MINE, ask("smart", ",\"background\":true,\"store\":true"));

        assertThat(refused.status()).isEqualTo(500);
        assertThat(first.requests()).hasSize(1);
        assertThat(second.requests()).isEmpty();
    }
}
