package dev.tollgate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollgate.Secret;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Rate;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.config.Settings.Timeouts;
import dev.tollgate.provider.Credential;
import dev.tollgate.tariff.Price;
import dev.tollgate.tariff.RateKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    private static final String DIGEST = "a".repeat(64);

    @Test
    void everySettingArrives() throws ConfigException {
        Settings settings = whole();

        assertThat(settings.providers().keySet()).containsExactly("openai", "claude", "bound", "house", "echo");
        assertThat(settings.providers().get("claude").family()).isEqualTo("anthropic");
        assertThat(settings.providers().get("claude").credential())
                .isEqualTo(new Credential.KeyHeader("x-api-key", new Secret("sk-ant-from-a-file")));
        assertThat(settings.providers().get("bound").credential())
                .isEqualTo(new Credential.Bearer(new Secret("sk-canary-bound")));
        assertThat(settings.providers().get("house").baseUrl()).hasToString("http://vllm.internal:8000/v1");
        assertThat(settings.providers().get("house").credential()).isEqualTo(new Credential.None());

        Settings.Model smart = settings.models().get("smart");
        assertThat(smart.pick()).isEqualTo(Pick.WEIGHTED);
        assertThat(smart.targets())
                .containsExactly(new Target("openai", "gpt-5.1", 3), new Target("house", "gpt-51", 1));
        assertThat(smart.fallback())
                .containsExactly(new Target("claude", "claude-sonnet-4-5", 1), new Target("house", "gpt-oss-120b", 1));
        assertThat(smart.timeouts())
                .isEqualTo(new Timeouts(
                        Duration.ofSeconds(3), Duration.ofSeconds(30), Duration.ofMillis(500), Duration.ofMinutes(10)));
        assertThat(smart.attempts()).isEqualTo(4);
        assertThat(smart.maxOutputTokens()).isEqualTo(16_000);
        assertThat(settings.models().get("meta").targets())
                .containsExactly(new Target("bound", "meta-llama/llama-3.3-70b-instruct:free", 1));
    }

    @Test
    void keysLimitsAndPricesArrive() throws ConfigException {
        Settings settings = whole();

        assertThat(settings.keys().get(0))
                .isEqualTo(new Settings.Key(
                        "search-team-ci",
                        DIGEST,
                        "search",
                        "ada@example.com",
                        List.of("smart", "claude-*"),
                        Optional.of(Instant.parse("2027-01-01T00:00:00Z"))));
        assertThat(settings.keys().get(1).expires()).contains(Instant.parse("2027-06-01T06:00:00Z"));
        assertThat(settings.limits())
                .startsWith(
                        new Limit(Per.KEY, null, null, Optional.of(new Rate(600, Duration.ofMinutes(1))), 50),
                        new Limit(Per.USER, "team:staff", null, Optional.of(new Rate(20, Duration.ofSeconds(1))), 0),
                        new Limit(Per.TEAM, "key:all", "smart", Optional.of(new Rate(200_000, Duration.ofDays(1))), 0));
        assertThat(settings.prices())
                .containsEntry(
                        "openai/gpt-5.1",
                        Price.of(Map.of(
                                RateKind.INPUT, 1_250_000_000L,
                                RateKind.CACHED_INPUT, 125_000_000L,
                                RateKind.OUTPUT, 10_000_000_000L)))
                .containsEntry(
                        "claude/claude-sonnet-4-5",
                        Price.of(Map.of(
                                RateKind.INPUT, 3_000_000_000L,
                                RateKind.CACHED_INPUT, 300_000_000L,
                                RateKind.CACHE_WRITE_5M, 3_750_000_000L,
                                RateKind.CACHE_WRITE_1H, 6_000_000_000L,
                                RateKind.OUTPUT, 15_000_000_000L)));
    }

    @Test
    void clusterAndServerArrive() throws ConfigException {
        Settings settings = whole();

        assertThat(settings.cluster().members()).containsExactly("10.0.0.5", "10.0.0.6:5702", "node-c.example.com");
        assertThat(settings.cluster().bind()).isEqualTo("10.0.0.5");
        assertThat(settings.cluster().name()).isEqualTo("gates");
        assertThat(settings.server())
                .isEqualTo(new Settings.Server(
                        new Settings.Metrics("/internal/metrics", false),
                        64L << 20,
                        Duration.ZERO,
                        false,
                        false,
                        1L << 30,
                        Map.of("files", "openai", "audio", "openai")));
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws ConfigException {
        Settings settings = Corpus.parse("""
                providers: { echo: }
                models: { echo: { targets: [echo/echo] } }
                """);

        assertThat(settings.models().get("echo"))
                .isEqualTo(new Settings.Model(
                        "echo",
                        Pick.ORDER,
                        List.of(new Target("echo", "echo", 1)),
                        List.of(),
                        Timeouts.DEFAULT,
                        3,
                        8_192));
        assertThat(settings.access().open()).isFalse();
        assertThat(settings.keys()).isEmpty();
        assertThat(settings.cluster()).isEqualTo(Settings.Cluster.NONE);
        assertThat(settings.server())
                .isEqualTo(
                        new Settings.Server(null, 32L << 20, Duration.ofSeconds(5), true, true, 512L << 20, Map.of()));
    }

    @Test
    void aReferenceMayStandInAnyValue() throws ConfigException {
        Settings settings =
                new ConfigLoader(Corpus.surroundings()).load(Corpus.ROOT.resolve("good/references-in-values.yaml"));

        assertThat(settings.providers().get("openai").baseUrl()).hasToString("https://eu.api.openai.com/v1");
        assertThat(settings.models().get("smart").attempts()).isEqualTo(5);
        assertThat(settings.models().get("smart").timeouts().connect()).isEqualTo(Duration.ofMillis(750));
        assertThat(settings.access().open()).isTrue();
    }

    @Test
    void whatAReferenceBringsInIsNotTakenForYaml() throws ConfigException {
        Surroundings hostile = new Surroundings(
                new References(
                        Map.of("TEAM", "x, models: [\"*\"]"), name -> Optional.empty(), name -> Optional.empty()),
                Corpus.surroundings().rows(),
                host -> List.of());
        String yaml = "models: { m: { targets: [echo/m] } }\nproviders: { echo: }\nkeys: [{ name: k, sha256: \""
                + DIGEST + "\", team: \"${env:TEAM}\", models: [m] }]\n";

        Settings settings = new ConfigLoader(hostile).parse("t.yaml", yaml.getBytes(StandardCharsets.UTF_8));

        assertThat(settings.keys().get(0).team()).isEqualTo("x, models: [\"*\"]");
        assertThat(settings.keys().get(0).models()).containsExactly("m");
    }

    @Test
    void noSecretShowsInSettingsNorInTheEffectiveConfiguration() throws ConfigException {
        Settings settings = whole();

        assertThat(settings.toString()).doesNotContain("canary", "sk-ant");
        assertThat(EffectiveSettings.of(settings).toString())
                .doesNotContain("canary", "sk-ant")
                .contains("\"api-key\":\"***\"");
    }

    @Test
    void theEffectiveConfigurationHasTheShapeOfTheFileWithDefaultsFilledIn() throws ConfigException {
        var shown = EffectiveSettings.of(whole());

        assertThat(shown.at("/models/smart/timeouts/idle").asString()).isEqualTo("500ms");
        assertThat(shown.at("/models/meta/attempts").asInt()).isEqualTo(3);
        assertThat(shown.at("/limits/0/requests").asString()).isEqualTo("600/min");
        assertThat(shown.at("/prices/openai~1gpt-5.1/input").asString()).isEqualTo("1.25");
        assertThat(shown.at("/server/max-body").asString()).isEqualTo("64MiB");
        assertThat(shown.at("/keys/0/expires").asString()).isEqualTo("2027-01-01T00:00:00Z");
    }

    @Test
    void theEffectiveConfigurationCanBeReadAgain() throws ConfigException {
        Settings settings = whole();
        String shown = EffectiveSettings.of(settings).toString().replace("\"***\"", "\"${env:OPENAI_API_KEY}\"");

        Settings again = Corpus.parse(shown);

        assertThat(again.models()).isEqualTo(settings.models());
        assertThat(again.keys()).isEqualTo(settings.keys());
        assertThat(again.limits()).isEqualTo(settings.limits());
        assertThat(again.prices()).isEqualTo(settings.prices());
        assertThat(again.cluster()).isEqualTo(settings.cluster());
        assertThat(again.server()).isEqualTo(settings.server());
    }

    @Test
    void aFileThatIsNotThereIsSaidToBeMissing(@TempDir Path folder) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.load(folder.resolve("tollgate.yaml"), Map.of()))
                .withMessage("tollgate.yaml: the file does not exist");
    }

    @Test
    void aFileAboveOneMebibyteIsRefused(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("tollgate.yaml"), "#".repeat(1 << 20) + "\n");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.load(file, Map.of()))
                .withMessage("tollgate.yaml: the file is larger than 1 MiB");
    }

    @Test
    void problemsCarryTheirPlace() {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> Corpus.parse("models:\n  smart: { wieght: 1 }\n"));

        assertThat(refused.problems())
                .contains(new Problem(
                        "tollgate.yaml",
                        2,
                        12,
                        "unknown key 'wieght'; known here: pick, targets, fallback, timeouts, attempts, "
                                + "max-output-tokens, unsupported, aliases, sticky, context-window-fallback, "
                                + "content-policy-fallback, budget-fallback, fast-failures-only, hedge, resume, "
                                + "min-throughput, caller-control"));
    }

    private static Settings whole() throws ConfigException {
        return new ConfigLoader(Corpus.surroundings()).load(Corpus.ROOT.resolve("good/whole.yaml"));
    }
}
