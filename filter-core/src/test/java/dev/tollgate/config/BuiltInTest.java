package dev.tollgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Secret;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.provider.Credential;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BuiltInTest {
    private static final String DIGEST = "c".repeat(64);

    @Test
    void withoutAnyKeyThereIsTheEchoAlone() {
        Settings settings = ConfigLoader.builtIn(Map.of(), DIGEST);

        assertThat(settings.providers().keySet()).containsExactly("echo");
        assertThat(settings.models().keySet()).containsExactlyInAnyOrder("echo", "echo/*");
        assertThat(settings.models().get("echo").targets()).containsExactly(new Target("echo", "echo", 1));
    }

    @Test
    void theOneKeyMayUseEverything() {
        Settings settings = ConfigLoader.builtIn(Map.of(), DIGEST);

        assertThat(settings.keys()).hasSize(1);
        assertThat(settings.keys().get(0).sha256()).isEqualTo(DIGEST);
        assertThat(settings.keys().get(0).models()).containsExactly("*");
        assertThat(settings.access().open()).isFalse();
    }

    @Test
    void keysInTheEnvironmentAddTheirProviders() {
        Settings settings = ConfigLoader.builtIn(
                Map.of("OPENAI_API_KEY", "sk-o", "ANTHROPIC_API_KEY", " sk-a\n", "GROQ_API_KEY", " "), DIGEST);

        assertThat(settings.providers().keySet()).containsExactlyInAnyOrder("openai", "anthropic", "echo");
        assertThat(settings.providers().get("anthropic").credential())
                .isEqualTo(new Credential.KeyHeader("x-api-key", new Secret("sk-a")));
        assertThat(settings.models().keySet()).contains("gpt-*", "o3*", "claude-*", "openai/*", "anthropic/*", "echo");
    }

    @Test
    void anyOfTheNamesThatSdksTakeAKeyFromWillDo() {
        Settings settings = ConfigLoader.builtIn(
                Map.of("GOOGLE_API_KEY", "g", "CO_API_KEY", "c", "AZURE_OPENAI_API_KEY", "without an address"), DIGEST);

        assertThat(settings.providers().keySet()).containsExactlyInAnyOrder("gemini", "cohere", "echo");
        assertThat(settings.providers().get("gemini").credential())
                .isEqualTo(new Credential.KeyHeader("x-goog-api-key", new Secret("g")));
        assertThat(settings.models().keySet()).contains("gemini-*", "command-*", "rerank-*", "gemini/*");
    }

    @Test
    void bedrocksKeyNeedsItsRegion() {
        Map<String, String> key = Map.of("AWS_BEARER_TOKEN_BEDROCK", "b");
        Map<String, String> placed = Map.of("AWS_BEARER_TOKEN_BEDROCK", "b", "AWS_REGION", "eu-west-1");

        assertThat(ConfigLoader.builtIn(key, DIGEST).providers().keySet()).containsExactly("echo");
        assertThat(ConfigLoader.builtIn(placed, DIGEST)
                        .providers()
                        .get("bedrock")
                        .baseUrl())
                .hasToString("https://bedrock-runtime.eu-west-1.amazonaws.com");
    }

    @Test
    void aProvidersOwnModelNamesKeepTheirName() {
        Settings settings = ConfigLoader.builtIn(Map.of("OPENAI_API_KEY", "sk-o"), DIGEST);

        Target target = settings.models().get("gpt-*").targets().get(0);
        String capture = new ModelPattern("gpt-*").matches("gpt-5.1").orElseThrow();

        assertThat(new ModelPattern(target.model()).fill(capture)).isEqualTo("gpt-5.1");
    }

    @Test
    void aModelOfAProviderIsNamedAfterTheSlash() {
        Settings settings = ConfigLoader.builtIn(Map.of("OPENROUTER_API_KEY", "sk-o"), DIGEST);

        Target target = settings.models().get("openrouter/*").targets().get(0);
        String capture = new ModelPattern("openrouter/*")
                .matches("openrouter/meta/llama")
                .orElseThrow();

        assertThat(new ModelPattern(target.model()).fill(capture)).isEqualTo("meta/llama");
    }

    @Test
    void everythingItRefersToIsThere() {
        Settings settings = ConfigLoader.builtIn(
                Map.of("OPENAI_API_KEY", "a", "ANTHROPIC_API_KEY", "b", "MISTRAL_API_KEY", "c"), DIGEST);

        List<String> used = settings.models().values().stream()
                .flatMap(model -> model.targets().stream())
                .map(Target::provider)
                .toList();
        assertThat(settings.providers().keySet()).containsAll(used);
    }
}
