package dev.tollgate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.access.KeyText;
import dev.tollgate.config.ConfigLoader;
import dev.tollgate.json.Json;
import dev.tollgate.provider.ProviderRows;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.Peer;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What SDKs were seen to send, at the door of a whole gateway, whose provider speaks one format or another. */
class ClientsAtTheDoorTest {
    private static final KeyText KEY = KeyText.generate(new SecureRandom());
    private static final String CHAT = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},"
            + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}";
    private static final String MESSAGE = "{\"id\":\"msg\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
            + "\"content\":[{\"type\":\"text\",\"text\":\"Hello\"}],\"stop_reason\":\"end_turn\","
            + "\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}";

    @TempDir
    Path folder;

    private final FakeUpstream upstream = new FakeUpstream().always(ClientsAtTheDoorTest::answer);
    private Gateway gateway;

    @AfterEach
    void close() {
        if (gateway != null) {
            gateway.close();
        }
        upstream.close();
    }

    /** The shortest answer that each endpoint of a provider may give. */
    private static void answer(Peer peer) throws Exception {
        String path = peer.request().line().split(" ")[1];
        JsonNode body = Json.read(peer.request().text());
        int inputs = Math.max(body.path("input").size(), body.path("requests").size());
        if (path.endsWith("/embeddings")) {
            peer.json(
                    200,
                    "{\"object\":\"list\",\"model\":\"m\",\"usage\":{\"prompt_tokens\":2,\"total_tokens\":2},\"data\":["
                            + list("{\"object\":\"embedding\",\"index\":%d,\"embedding\":[0.25,-1]}", inputs) + "]}");
        } else if (path.endsWith(":batchEmbedContents")) {
            peer.json(200, "{\"embeddings\":[" + list("{\"values\":[0.25,-1]}", inputs) + "]}");
        } else if (path.endsWith("/count_tokens") || path.endsWith("/input_tokens")) {
            peer.json(200, "{\"input_tokens\":17}");
        } else if (path.endsWith(":countTokens")) {
            peer.json(200, "{\"totalTokens\":17}");
        } else if (path.endsWith("/count-tokens")) {
            peer.json(200, "{\"inputTokens\":17}");
        } else {
            peer.json(200, path.endsWith("/messages") ? MESSAGE : CHAT);
        }
    }

    private static String list(String element, int times) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < times; i++) {
            list.append(i == 0 ? "" : ",").append(String.format(Locale.ROOT, element, i));
        }
        return list.toString();
    }

    /** Opens a gateway all of whose models are one of this provider's. */
    private void open(String provider, String model) throws Exception {
        String below = provider.matches("openai|house|den") ? "/v1" : "";
        String region = provider.equals("bedrock") ? ", region: eu-west-1" : "";
        Path file = folder.resolve("tollgate.yaml");
        Files.writeString(
                file,
                String.join(
                        "\n",
                        "providers:",
                        "  " + provider + ": { base-url: '" + upstream.uri() + below
                                + "', api-key: '${env:PROVIDER_KEY}'" + region + " }",
                        "models:",
                        "  '*': { targets: [ { use: '" + provider + "/" + model + "' } ] }",
                        "keys:",
                        "  - { name: mine, sha256: " + KEY.sha256() + ", models: ['*'] }",
                        "server: { log: false }"));
        gateway = GatewayFactory.open(
                file, new ConfigLoader(Map.of("PROVIDER_KEY", "key-of-provider"), ProviderRows.parse("""
                house:
                  paths: { openai-chat: /chat/completions }
                  embeddings: { openai-embeddings: /embeddings }
                  credential: x-house-key
                  drops: [seed]
                den:
                  paths: { ollama: /../api/chat }
                """)));
    }

    private FakeExchange call(String line, Map<String, String> headers, String body) {
        String path = URLDecoder.decode(line.split(" ")[1], UTF_8);
        FakeExchange exchange = new FakeExchange("POST", path, headers, body.getBytes(UTF_8));
        gateway.handle(exchange);
        await().until(() -> exchange.isEnded() || exchange.isAborted());
        assertThat(exchange.fault()).isEmpty();
        return exchange;
    }

    /** Sends what a client was seen to send, with a key of this gateway's. */
    private FakeExchange replay(String client, boolean signed) throws Exception {
        Path file = Path.of(System.getProperty("tollgate.recorded", "../../shared/recorded"))
                .resolveSibling("clients")
                .resolve(client + ".json");
        Assumptions.assumeTrue(Files.exists(file), () -> "no capture of " + client);
        JsonNode seen = Json.read(Files.readAllBytes(file)).path(0);
        Map<String, String> headers = new HashMap<>();
        for (JsonNode header : seen.path("headers")) {
            String[] pair = header.stringValue().split(": ", 2);
            headers.put(pair[0].toLowerCase(Locale.ROOT), pair[1].replace("<key>", KEY.reveal()));
        }
        if (!signed && headers.getOrDefault("authorization", "").startsWith("AWS4")) {
            headers.put("authorization", "Bearer " + KEY.reveal());
        }
        return call(seen.path("request").stringValue(), headers, Json.text(seen.path("body")));
    }

    @ParameterizedTest
    @CsvSource({
        "openai-node_embeddings, openai, /v1/embeddings, embedding",
        "openai-node_embeddings, gemini, /v1beta/models/m:batchEmbedContents, embedding",
        "langchain_openai_embed, gemini, /v1beta/models/m:batchEmbedContents, embedding",
        "ai-sdk_openai_embed, house, /v1/embeddings, embedding",
        "ai-sdk_openai_embed, gemini, /v1beta/models/m:batchEmbedContents, '[0.25,-1'",
        "ai-sdk_google_embed, openai, /v1/embeddings, values",
        "ai-sdk_google_embed, gemini, /v1beta/models/m:batchEmbedContents, values",
        "genai-node_embed, openai, /v1/embeddings, embeddings",
        "genai-node_embed, gemini, /v1beta/models/m:batchEmbedContents, embeddings",
        "azure-openai-node, openai, /v1/chat/completions, Hello",
        "azure-openai-node, anthropic, /v1/messages, Hello",
        "bedrock-java-converse, anthropic, /v1/messages, Hello",
        "bedrock-java-converse, house, /v1/chat/completions, Hello",
    })
    void anSdkIsAnsweredByAnyProvider(String client, String provider, String path, String said) throws Exception {
        open(provider, "m");

        FakeExchange call = replay(client, false);

        assertThat(call.status()).as(call.text()).isEqualTo(200);
        assertThat(call.text()).contains(said);
        assertThat(upstream.lastRequest().line()).isEqualTo("POST " + path + " HTTP/1.1");
        assertThat(upstream.lastRequest().headers().toString())
                .contains("key-of-provider")
                .doesNotContain(KEY.reveal());
    }

    @ParameterizedTest
    @CsvSource({
        "genai-node_count, gemini, m, /v1beta/models/m:countTokens",
        "genai-node_count, openai, m, /v1/responses/input_tokens",
        "genai-node_count, anthropic, m, /v1/messages/count_tokens",
        "genai-node_count, bedrock, anthropic.claude-x, /model/anthropic.claude-x/count-tokens",
        "anthropic-node_count, gemini, m, /v1beta/models/m:countTokens",
        "anthropic-node_count, openai, m, /v1/responses/input_tokens",
        "anthropic-node_count, anthropic, m, /v1/messages/count_tokens",
        "anthropic-node_count, bedrock, anthropic.claude-x, /model/anthropic.claude-x/count-tokens",
    })
    void tokensAreCountedByAnyProviderThatCan(String client, String provider, String model, String path)
            throws Exception {
        open(provider, model);

        FakeExchange call = replay(client, false);

        assertThat(call.text()).contains(client.startsWith("genai") ? "\"totalTokens\":17" : "\"input_tokens\":17");
        assertThat(call.answerHeader("x-tollgate-estimated")).isEmpty();
        assertThat(upstream.lastRequest().line()).isEqualTo("POST " + path + " HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource({"house, m", "bedrock, us.anthropic.claude-x", "bedrock, amazon.nova-pro-v1:0"})
    void tokensThatNoProviderCountsAreEstimated(String provider, String model) throws Exception {
        open(provider, model);

        FakeExchange call = replay("anthropic-node_count", false);

        assertThat(call.answerHeader("x-tollgate-estimated")).contains("true");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void aRequestSignedForAwsIsToldHowToShowAKey() throws Exception {
        open("anthropic", "m");

        FakeExchange call = replay("bedrock-java-converse", true);

        assertThat(call.status()).as("AWS has no 401").isEqualTo(403);
        assertThat(call.answerHeader("x-amzn-errortype")).contains("UnrecognizedClientException");
        assertThat(call.text()).contains("AWS_BEARER_TOKEN_BEDROCK");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void aProviderThatARowAddsIsServedWithoutAnyCode() throws Exception {
        open("house", "llama");
        String body = "{\"model\": \"x\", \"seed\": 3, \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}";

        FakeExchange call = call("POST /v1/chat/completions", bearer(), body);

        assertThat(call.text()).isEqualTo(CHAT);
        assertThat(call.answerHeader("x-tollgate-target")).contains("house/llama");
        assertThat(call.answerHeader("x-tollgate-dropped")).contains("seed");
        assertThat(upstream.lastRequest().header("x-house-key")).contains("key-of-provider");
        assertThat(upstream.lastRequest().text())
                .isEqualTo("{\"model\": \"llama\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}");
    }

    @Test
    void aWayUpFromTheBaseUrlIsWalkedBeforeItIsSent() throws Exception {
        open("den", "llama");
        upstream.always(peer -> peer.json(
                200,
                "{\"model\":\"llama\",\"created_at\":\"2026-11-24T12:00:00Z\",\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"Hello\"},\"done\":true,\"done_reason\":\"stop\"}"));

        FakeExchange call = replay("azure-openai-node", false);

        assertThat(call.text()).contains("Hello");
        assertThat(upstream.lastRequest().line()).isEqualTo("POST /api/chat HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "eu.anthropic.claude-sonnet-4-5-20250929-v1:0 | \"anthropic_beta\":[\"effort-2025-11-24\",\"interleaved-thinking-2025-05-14\"]",
                "anthropic.claude-opus-4-7 | \"anthropic_version\":\"bedrock-2023-05-31\"",
            })
    void betaFeaturesAreAskedForWhereBedrockWantsThem(String model, String said) throws Exception {
        open("bedrock", model);
        upstream.always(peer -> peer.json(200, MESSAGE));
        Map<String, String> headers = new HashMap<>(bearer());
        headers.put("anthropic-beta", "claude-code-20250219,effort-2025-11-24, interleaved-thinking-2025-05-14");

        FakeExchange call = call(
                "POST /v1/messages",
                headers,
                "{\"model\":\"x\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

        assertThat(call.status()).isEqualTo(200);
        assertThat(upstream.lastRequest().header("anthropic-beta")).isEmpty();
        assertThat(upstream.lastRequest().text()).contains(said).doesNotContain("claude-code");
        assertThat(upstream.lastRequest().text().contains("anthropic_beta")).isEqualTo(said.contains("beta"));
        assertThat(call.answerHeader("x-tollgate-dropped").orElse("")).contains("anthropic-beta.claude-code-20250219");
    }

    @Test
    void whatVertexWantsInTheBodyDoesNotReachAnthropic() throws Exception {
        open("anthropic", "m");

        FakeExchange call = call(
                "POST /v1/projects/p/locations/l/publishers/anthropic/models/claude-x:rawPredict",
                bearer(),
                "{\"anthropic_version\":\"vertex-2023-10-16\",\"max_tokens\":9,\"messages\":[]}");

        assertThat(call.text()).isEqualTo(MESSAGE);
        assertThat(upstream.lastRequest().header("anthropic-version")).contains("2023-06-01");
        assertThat(upstream.lastRequest().text()).isEqualTo("{\"max_tokens\":9,\"messages\":[],\"model\":\"m\"}");
    }

    private static Map<String, String> bearer() {
        return Map.of("authorization", "Bearer " + KEY.reveal());
    }
}
