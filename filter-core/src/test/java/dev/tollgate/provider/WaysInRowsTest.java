package dev.tollgate.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

class WaysInRowsTest {
    private static final Map<String, String> WEST = Map.of("region", "us-west-2");

    @Test
    void aPathMaySayMore() {
        Provider cloud = made("""
                cloud:
                  base-url: https://{region}.cloud.example
                  settings: { region: { env: CLOUD_REGION } }
                  paths:
                    anthropic:
                      path: /model/{model}/invoke
                      stream-path: /model/{model}/invoke-stream
                      models: ["claude-*"]
                      drops: [model, stream]
                      sets: { anthropic_version: cloud-1, depth: 2 }
                    gemini: /{region}/models/{model}:generate
                """, WEST);

        Way claude = cloud.way(Operation.CHAT, "openai-chat", "claude-5").orElseThrow();
        assertThat(cloud.baseUrl()).isEqualTo(URI.create("https://us-west-2.cloud.example"));
        assertThat(claude.path("claude-5", false)).isEqualTo("/model/claude-5/invoke");
        assertThat(claude.path("a/b:0", true)).isEqualTo("/model/a%2Fb%3A0/invoke-stream");
        assertThat(claude.drops()).isEqualTo(Set.of("model", "stream"));
        assertThat(claude.sets())
                .isEqualTo(Map.of(
                        "anthropic_version", JsonNodeFactory.instance.stringNode("cloud-1"),
                        "depth", JsonNodeFactory.instance.numberNode(2)));
        Way other = cloud.way(Operation.CHAT, "anthropic", "nova").orElseThrow();
        assertThat(other.path("nova@1", true)).isEqualTo("/us-west-2/models/nova@1:generate");
    }

    @Test
    void aWayIsOnlyThereWhenItsSettingsAre() {
        String rows = """
                azure:
                  base-url: https://azure.example
                  settings: { api-version: { optional: true } }
                  paths:
                    openai-chat: ["/deployments/{model}/chat?v={api-version}", /v1/chat]
                """;

        assertThat(made(rows, Map.of()).ways().get(0).path("m", true)).isEqualTo("/v1/chat");
        assertThat(made(rows, Map.of("api-version", "7")).ways().get(0).path("m", true))
                .isEqualTo("/deployments/m/chat?v=7");
    }

    @Test
    void someModelsCanOnlyBeAskedInOneFormat() {
        Provider maker = made("""
                maker:
                  base-url: https://maker.example
                  paths:
                    openai-chat: { path: /chat, models: ["!*-codex*"] }
                    openai-responses: /responses
                """, Map.of());

        assertThat(dialect(maker, "openai-chat", "m-1")).isEqualTo("openai-chat");
        assertThat(dialect(maker, "openai-chat", "m-1-codex-max")).isEqualTo("openai-responses");
        assertThat(dialect(maker, "openai-responses", "m-1")).isEqualTo("openai-responses");
    }

    @Test
    void everyOperationHasItsPaths() {
        Provider all = made("""
                all:
                  base-url: https://all.example
                  paths: { openai-chat: /chat }
                  count-tokens: { anthropic: /count }
                  embeddings: { openai-embeddings: /embed }
                  rerank: { cohere: /rerank }
                  relays: [images, audio/speech]
                """, Map.of());

        assertThat(all.ways().stream().map(way -> way.operation() + " " + way.dialect() + " " + way.path()))
                .containsExactly(
                        "CHAT openai-chat /chat",
                        "COUNT_TOKENS anthropic /count",
                        "EMBED openai-embeddings /embed",
                        "RERANK cohere /rerank",
                        "RELAY openai-chat /images",
                        "RELAY openai-chat /audio/speech");
    }

    @Test
    void aValueMayMoveTheBaseUrl() {
        String rows = """
                v:
                  base-url: "https://{location}.v.example"
                  base-urls: { location: { global: "https://v.example" } }
                  settings: { location: { default: global } }
                  paths: { gemini: "/{location}/x" }
                """;

        assertThat(made(rows, Map.of("location", "global")).baseUrl()).hasToString("https://v.example");
        assertThat(made(rows, Map.of("location", "eu")).baseUrl()).hasToString("https://eu.v.example");
    }

    @Test
    void aModelIsOneSegmentOfAPathOrNoModelOfThisWay() {
        Provider provider = made("p: { base-url: 'https://p.example', paths: { gemini: '/m/{model}/x' } }", Map.of());

        for (String up : List.of("..", ".", "")) {
            assertThat(provider.way(Operation.CHAT, "gemini", up)).as(up).isEmpty();
        }
        assertThat(provider.ways().get(0).path("../../admin?x#y z", false))
                .isEqualTo("/m/..%2F..%2Fadmin%3Fx%23y%20z/x");
    }

    @Test
    void aPlaceWithoutASettingIsRefused() {
        refused("x: { base-url: 'https://{region}.x', paths: { openai-chat: /c } }", "region");
        refused("x: { paths: { openai-chat: '/{project}' } }", "project");
        refused("x: { paths: { openai-chat: { path: c } } }", "slash");
        refused("x: { paths: { openai-chat: { path: /c, stream: /d } } }", "stream");
        refused("x: { paths: { openai-chat: /c }, settings: { zone: {} } }", "zone");
        refused("x: { paths: { openai-chat: /c }, relays: [../x] }", "relays");
        refused("x: { paths: { openai-chat: /c }, identity: { kerberos: x } }", "identity");
    }

    private static void refused(String rows, String naming) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProviderRows.parse(rows))
                .withMessageContaining(naming);
    }

    private static String dialect(Provider provider, String callers, String model) {
        return provider.way(Operation.CHAT, callers, model).orElseThrow().dialect();
    }

    private static Provider made(String rows, Map<String, String> settings) {
        ProviderRow row = ProviderRows.parse(rows).all().iterator().next();
        return row.provider(row.name(), row.baseUrl(settings).orElseThrow(), row.keyed(null), settings);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-*, claude-5, true",
        "claude-*, claude-, true",
        "claude-*, claud, false",
        "*.anthropic.*, eu.anthropic.claude-5, true",
        "*.anthropic.*, anthropic.claude-5, false",
        "*-codex*, gpt-5-codex, true",
        "*-codex*, gpt-5-codex-mini, true",
        "*-codex*, gpt-5, false",
        "a*a, a, false",
        "a*b*b, ab, false",
        "a*b*b, abb, true",
        "gpt-5, gpt-5.1, false",
        "gpt-5, gpt-5, true",
        "*, anything, true"
    })
    void aStarInAModelsNameStandsForAnyText(String pattern, String model, boolean served) {
        assertThat(way(pattern).serves(model)).isEqualTo(served);
        assertThat(way("!" + pattern).serves(model)).as("excluded").isNotEqualTo(served);
        assertThat(way(pattern, "!" + pattern).serves(model)).as("both").isFalse();
    }

    private static Way way(String... models) {
        return new Way(Operation.CHAT, "gemini", "/chat", "/chat", List.of(models), Set.of(), Map.of());
    }
}
