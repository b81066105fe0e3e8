package dev.tollgate.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tollgate.Header;
import dev.tollgate.Secret;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProviderRowsTest {
    private static final Set<String> FORMATS = Set.of(
            "openai-chat",
            "openai-responses",
            "openai-completions",
            "openai-embeddings",
            "anthropic",
            "gemini",
            "bedrock",
            "bedrock-titan",
            "bedrock-cohere",
            "cohere",
            "vertex",
            "voyage",
            "jina",
            "ollama");

    static Iterable<ProviderRow> shipped() {
        return ProviderRows.shipped().all();
    }

    @Test
    void theProvidersThatSpeakADialectOfOursAreThere() {
        assertThat(ProviderRows.shipped().names())
                .contains(
                        "openai",
                        "openai-compatible",
                        "anthropic",
                        "anthropic-compatible",
                        "echo",
                        "openrouter",
                        "mistral",
                        "groq",
                        "deepseek",
                        "xai",
                        "voyage",
                        "jina",
                        "together",
                        "fireworks",
                        "perplexity",
                        "cerebras",
                        "nvidia",
                        "huggingface",
                        "ollama",
                        "vllm");
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void noRowLetsCallersChooseWhoPaysOrWhoseAnswerTheyGet(ProviderRow row) {
        assertThat(row.quirks().forwards())
                .doesNotContain(
                        "openai-organization",
                        "openai-project",
                        "idempotency-key",
                        "authorization",
                        "x-api-key",
                        "cookie")
                .noneMatch(name -> name.contains("*"));
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyRowIsWhole(ProviderRow row) {
        assertThat(row.ways()).isNotEmpty();
        assertThat(FORMATS).containsAll(row.ways().stream().map(Way::dialect).toList());
        assertThat(row.quirks().maxTokensField()).isIn("max_tokens", "max_completion_tokens");
        if (row.keyRequired()) {
            assertThat(row.keyVariables())
                    .as("where its SDKs take the key from")
                    .isNotEmpty();
        }
        if (row.ways().stream()
                .anyMatch(
                        way -> way.dialect().equals("anthropic") && !way.sets().containsKey("anthropic_version"))) {
            assertThat(row.quirks().headers()).containsKey("anthropic-version");
            assertThat(row.quirks().forwards()).contains("anthropic-version", "anthropic-beta");
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyBaseUrlIsEncryptedOrAtHome(ProviderRow row) {
        String at = row.baseUrl();
        if (at != null) {
            assertThat(at).doesNotEndWith("/").matches("https://.*|http://localhost:.*|echo:local");
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void noRowHandsCredentialsOrFramingOn(ProviderRow row) {
        assertThat(row.quirks().forwards())
                .doesNotContain("*", "authorization", "x-api-key", "api-key", "cookie", "host", "connection")
                .allMatch(name -> name.equals(name.toLowerCase(Locale.ROOT)));
    }

    @Test
    void openAiAndAnthropicAreAsTheirSdksKnowThem() {
        Provider openai = made("openai");
        Provider claude = made("anthropic");

        assertThat(address(openai)).isEqualTo("https://api.openai.com/v1/chat/completions");
        assertThat(((Credential.Fixed) openai.credential()).headers())
                .containsExactly(new Header("Authorization", "Bearer sk-1"));
        assertThat(address(claude)).isEqualTo("https://api.anthropic.com/v1/messages");
        assertThat(((Credential.Fixed) claude.credential()).headers()).containsExactly(new Header("x-api-key", "sk-1"));
    }

    private static String address(Provider provider) {
        return provider.baseUrl() + provider.ways().get(0).path("m", false);
    }

    @Test
    void aNewCompatibleProviderIsOneRow() {
        ProviderRows rows = ProviderRows.shipped().with(ProviderRows.parse("""
                                moonshot:
                                  base-url: https://api.moonshot.example/v1
                                  paths: { openai-chat: /chat/completions, anthropic: /anthropic/messages }
                                  credential: api-key
                                  key-env: MOONSHOT_API_KEY
                                  stream-usage: false
                                  drops: [logprobs]
                                  models: [kimi-*]
                                """));

        ProviderRow row = rows.find("moonshot").orElseThrow();
        Provider provider = row.provider("kimi", URI.create("https://eu.moonshot.example/v1"), new Secret("sk-1"));

        assertThat(provider)
                .isEqualTo(new Provider(
                        "kimi",
                        "moonshot",
                        URI.create("https://eu.moonshot.example/v1"),
                        List.of(
                                Way.chat("openai-chat", "/chat/completions"),
                                Way.chat("anthropic", "/anthropic/messages")),
                        new Credential.KeyHeader("api-key", new Secret("sk-1")),
                        new Quirks(false, "max_tokens", Set.of("logprobs"), Map.of(), List.of(), List.of("kimi-*"))));
        assertThat(provider.way(Operation.CHAT, "anthropic", "m").map(Way::dialect))
                .contains("anthropic");
        assertThat(provider.way(Operation.CHAT, "gemini", "m").map(Way::dialect))
                .as("the most preferred")
                .contains("openai-chat");
        assertThat(rows.find("openai")).isPresent();
    }

    @Test
    void aMisspeltFieldIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProviderRows.parse("x: { base-ulr: 'https://x', paths: { openai-chat: /c } }"))
                .withMessageContaining("base-ulr");
        assertThatIllegalArgumentException().isThrownBy(() -> ProviderRows.parse("x: { base-url: 'https://x' }"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProviderRows.parse("x: { paths: { openai-chat: /c }, key: maybe }"));
    }

    private static Provider made(String name) {
        ProviderRow row = ProviderRows.shipped().find(name).orElseThrow();
        return row.provider(name, row.baseUrl(Map.of()).orElseThrow(), new Secret("sk-1"));
    }
}
