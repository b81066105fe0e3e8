package dev.tollgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Secret;
import dev.tollgate.config.Settings.Ability;
import dev.tollgate.config.Settings.ExplainPage;
import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Overload;
import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Routing;
import dev.tollgate.config.Settings.Sticky;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.config.Settings.Traits;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Handling;
import dev.tollgate.provider.Handling.Circuit;
import dev.tollgate.provider.Handling.HealthCheck;
import dev.tollgate.provider.Handling.OnAbort;
import dev.tollgate.provider.Handling.Transport;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.provider.Provider;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How the settings of {@code good/routing.yaml} arrive, and how they are shown. */
class RoutingConfigTest {
    private static final Target SMALL = new Target("echo", "echo", 1);

    private static Settings settings() throws ConfigException {
        return new ConfigLoader(Corpus.surroundings()).load(Corpus.ROOT.resolve("good/routing.yaml"));
    }

    private static Provider provider(String name) throws ConfigException {
        Provider provider = settings().providers().get(name);
        assertThat(provider).isNotNull();
        return provider;
    }

    private static Model model(String name) throws ConfigException {
        Model model = settings().models().get(name);
        assertThat(model).isNotNull();
        return model;
    }

    @Test
    void severalKeysTakeTurnsUnderTheirNames() throws ConfigException {
        Provider openai = provider("openai");

        Credential first = new Credential.Bearer(new Secret("sk-canary-openai"));
        assertThat(openai.credentials())
                .containsExactly(
                        new NamedCredential("1", first, 1),
                        new NamedCredential("spare", new Credential.Bearer(new Secret("sk-ant-from-a-file")), 3));
        assertThat(openai.credential()).isEqualTo(first);
        assertThat(provider("azure").credentials())
                .containsExactly(new NamedCredential(
                        "1", new Credential.KeyHeader("api-key", new Secret("sk-canary-openai")), 1));
    }

    @Test
    void aKeyThatIsAloneIsNoPool() throws ConfigException {
        Provider claude = provider("claude");

        assertThat(claude.handling().pool()).isEmpty();
        assertThat(claude.credentials()).extracting(NamedCredential::name).containsExactly(NamedCredential.ONLY);
    }

    @Test
    void connectionsAndCircuitsArrive() throws ConfigException {
        Handling openai = provider("openai").handling();

        Path pem = Corpus.ROOT.resolve("pem");
        assertThat(openai.transport())
                .isEqualTo(new Transport(
                        200,
                        0,
                        false,
                        URI.create("http://proxy.internal:3128"),
                        pem.resolve("ca.pem"),
                        pem.resolve("client.pem"),
                        pem.resolve("client-key.pem")));
        assertThat(openai.onAbort()).isEqualTo(OnAbort.DRAIN);
        assertThat(openai.circuit())
                .isEqualTo(new Circuit(true, 3, 40, Duration.ofSeconds(20), 90, Duration.ofSeconds(10), Duration.ZERO));
        assertThat(openai.healthCheck())
                .contains(new HealthCheck("/models", Duration.ofMinutes(1), Duration.ofSeconds(2)));
        assertThat(provider("claude").handling().transport().http2()).isTrue();
        assertThat(provider("claude").handling().circuit().on()).isFalse();
    }

    @Test
    void aProviderThatSaysNothingIsHandledAsAllAre() throws ConfigException {
        Settings settings = Corpus.parse("providers: { echo: }\nmodels: { m: { targets: [echo/m] } }\n");

        assertThat(settings.providers().get("echo").handling()).isEqualTo(Handling.DEFAULT);
        assertThat(settings.models().get("m").routing()).isEqualTo(Routing.DEFAULT);
        assertThat(settings.server()).isEqualTo(Settings.Server.DEFAULT);
    }

    @Test
    void theRoutingOfAModelArrives() throws ConfigException {
        Model smart = model("smart");

        assertThat(smart.pick()).isEqualTo(Pick.LEAST_BUSY);
        assertThat(smart.timeouts().hold()).isZero();
        assertThat(smart.routing())
                .isEqualTo(new Routing(
                        List.of("clever", "gpt-4o"),
                        Optional.of(new Sticky.ToHeader("x-session-id")),
                        List.of(new Target(
                                "claude",
                                "claude-sonnet-4-5",
                                1,
                                new Traits(1, Set.of(), OptionalLong.of(1_000_000), Set.of()))),
                        List.of(SMALL),
                        List.of(new Target("echo", "small", 1)),
                        Duration.ofSeconds(2),
                        true,
                        true,
                        20,
                        true));
        assertThat(model("fast").routing().sticky()).contains(new Sticky.ToConversation());
        assertThat(model("cheap").routing().sticky()).contains(new Sticky.ToCache());
        assertThat(model("per-session").routing().sticky()).contains(new Sticky.ToSession());
    }

    @Test
    void whatSetsTargetsApartArrives() throws ConfigException {
        assertThat(model("smart").targets())
                .extracting(Target::traits)
                .containsExactly(
                        new Traits(
                                1,
                                Set.of("eu", "zone:a"),
                                OptionalLong.of(400_000),
                                Set.of(Ability.AUDIO, Ability.STRUCTURED_OUTPUT)),
                        new Traits(2, Set.of("us"), OptionalLong.empty(), Set.of()));
        assertThat(settings().keys().get(0).targetTags()).containsExactly("eu");
    }

    @Test
    void theServersSettingsArrive() throws ConfigException {
        Settings.Server server = settings().server();

        assertThat(server.explain()).isEqualTo(new ExplainPage("/internal/explain", List.of("eu")));
        assertThat(server.overload()).isEqualTo(new Overload(85, 70, 5_000, false));
        assertThat(server.drain()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aModelIsFoundByItsAliases() throws ConfigException {
        ModelNames names = new ModelNames(settings().models().values());

        assertThat(names.find("clever")).contains(new ModelNames.Match(model("smart"), ""));
        assertThat(names.find("gpt-4o")).contains(new ModelNames.Match(model("smart"), ""));
    }

    @Test
    void aNameGoesBeforeAPatternAlsoWhenItIsAnAlias() throws ConfigException {
        Settings settings = Corpus.parse("""
                providers: { echo: }
                models:
                  "gpt-*": { targets: [echo/*] }
                  small: { aliases: [gpt-small], targets: [echo/s] }
                """);
        ModelNames names = new ModelNames(settings.models().values());

        assertThat(names.find("gpt-small").orElseThrow().model().name()).isEqualTo("small");
    }

    @Test
    void theEffectiveConfigurationShowsEveryKeyOfAPoolMasked() throws ConfigException {
        JsonNode shown = EffectiveSettings.of(settings());

        JsonNode openai = shown.path("providers").path("openai");
        assertThat(openai.has("api-key")).isFalse();
        assertThat(openai.path("api-keys").toString())
                .isEqualTo(
                        "[{\"name\":\"1\",\"key\":\"***\",\"weight\":1},{\"name\":\"spare\",\"key\":\"***\",\"weight\":3}]");
        assertThat(openai.path("connection").path("http").asString()).isEqualTo("1.1");
        assertThat(shown.path("models").path("smart").path("sticky").asString()).isEqualTo("header:x-session-id");
        assertThat(shown.toString()).doesNotContain("canary", "from-a-file");
    }

    @Test
    void whatIsShownIsReadTheSame() throws ConfigException {
        Settings settings = settings();
        String shown = EffectiveSettings.of(settings)
                .toString()
                .replace(
                        "\"name\":\"spare\",\"key\":\"***\"",
                        "\"name\":\"spare\",\"key\":\"${file:src/test/resources/config/secret.txt}\"")
                .replaceFirst("\"\\*\\*\\*\"", "\"\\${env:OPENAI_API_KEY}\"")
                .replaceFirst("\"\\*\\*\\*\"", "\"\\${env:ANTHROPIC_API_KEY}\"")
                .replaceFirst("\"\\*\\*\\*\"", "\"\\${env:OPENAI_API_KEY}\"");

        assertThat(Corpus.parse(shown)).isEqualTo(settings);
    }

    @Test
    void aFileOfCertificatesIsWatchedAsSecretsAre() throws ConfigException {
        FilesRead.Notes notes = new FilesRead.Notes();
        String yaml = "providers: { openai: { api-key: \"${env:OPENAI_API_KEY}\", connection: { ca: "
                + Corpus.ROOT.resolve("pem/ca.pem") + " } } }\nmodels: { m: { targets: [openai/m] } }\n";

        new ConfigLoader(Corpus.surroundings())
                .parse("t.yaml", yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8), notes);

        assertThat(notes.all().digests())
                .containsOnlyKeys(Corpus.ROOT.resolve("pem/ca.pem").toString());
        assertThat(Map.copyOf(notes.all().digests()).values()).allMatch(digest -> digest.length() == 64);
    }
}
