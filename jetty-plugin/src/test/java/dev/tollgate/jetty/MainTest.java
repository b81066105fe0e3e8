package dev.tollgate.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.Gateway;
import dev.tollgate.GatewayFactory;
import dev.tollgate.access.KeyText;
import dev.tollgate.json.Json;
import dev.tollgate.testing.RawClient;
import dev.tollgate.testing.RawClient.Answer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class MainTest {
    private static final KeyText KEY = KeyText.generate(new SecureRandom());

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private String question = "";

    private int run(String... arguments) throws Exception {
        return main().run(List.of(arguments));
    }

    private Main main() {
        return new Main(
                Map.of(),
                new ByteArrayInputStream(question.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void helpTellsEveryOption() throws Exception {
        assertThat(run("--help")).isZero();
        assertThat(said()).contains("--config", "--port", "--host", "--check-config", "--explain", "--version");
    }

    @Test
    void theLedgerCommandHasOptionsOfItsOwn() throws Exception {
        assertThat(run("ledger", "--help")).isZero();
        assertThat(run("ledger", "--by", "team")).isEqualTo(2);
    }

    @Test
    void theVersionIsTold() throws Exception {
        assertThat(run("--version")).isZero();
        assertThat(said()).matches("Tollgate \\d+\\.\\d+.*\\R");
    }

    @Test
    void anUnknownOptionIsNamed() throws Exception {
        assertThat(run("--prot=80")).isEqualTo(2);
        assertThat(complained()).contains("unknown option '--prot'");
    }

    @Test
    void aPortThatIsNoneIsNamed() throws Exception {
        assertThat(run("--port", "http")).isEqualTo(2);
        assertThat(complained()).contains("'http' is not a port");
    }

    @Test
    void everyProblemOfABadConfigurationIsTold() throws Exception {
        Path file = Files.writeString(folder.resolve("tollgate.yaml"), "modells: {}\nprovidres: {}\n");
        assertThat(run("--config", file.toString())).isEqualTo(2);
        assertThat(complained()).contains("tollgate.yaml:1:1", "tollgate.yaml:2:1");
    }

    @Test
    void aConfigurationIsCheckedWithoutBeingServed() throws Exception {
        Path file = Files.writeString(folder.resolve("tollgate.yaml"), """
                providers: { echo: {} }
                models: { echo: { targets: [ { use: echo/echo } ] } }
                access: { open: true }
                """);
        assertThat(run("--check-config", "--config", file.toString())).isZero();
        assertThat(said()).contains("is good");
    }

    private static final String CANARY = "sk-canary-0123456789";
    private static final String CALL =
            "\"endpoint\":\"/v1/chat/completions\",\"body\":{\"model\":\"smart\",\"max_tokens\":10,"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    private Path explainable() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), CANARY);
        return Files.writeString(folder.resolve("tollgate.yaml"), """
                providers: { openai: { api-key: "${file:%s}" } }
                models: { smart: { targets: [openai/gpt-5.1] } }
                keys:
                  - { name: ops, sha256: %s, models: ["*"] }
                  - { name: ci, sha256: %s, team: search, models: [smart] }
                limits:
                  - { per: key, requests: 1/min }
                server: { explain: { keys: [ops] } }
                """.formatted(secret, KEY.sha256(), "b".repeat(64)));
    }

    @Test
    void aCallIsExplainedByItsConfigurationAlone() throws Exception {
        Path question = Files.writeString(folder.resolve("question.json"), "{" + CALL + ",\"key\":\"ci\"}");

        assertThat(run("--config", explainable().toString(), "--explain", question.toString()))
                .as(complained())
                .isZero();

        JsonNode told = Json.read(said());
        assertThat(told.path("offline").booleanValue()).isTrue();
        assertThat(told.path("caller").path("team").asString()).isEqualTo("search");
        assertThat(told.path("estimate").path("output_tokens_at_most").intValue())
                .isEqualTo(10);
        assertThat(told.path("estimate").path("usd_at_most").asString()).startsWith("0.000");
        JsonNode limit = told.path("limits").get(0);
        assertThat(limit.path("limit").asString()).isEqualTo("key \"ci\": 1 request per minute");
        assertThat(limit.path("remaining").isNull()).isTrue();
        assertThat(limit.path("remaining_is_known").booleanValue()).isFalse();
        assertThat(told.path("candidates").get(0).path("target").asString()).isEqualTo("openai/gpt-5.1");
        JsonNode request = told.path("request");
        assertThat(request.path("url").asString()).isEqualTo("https://api.openai.com/v1/chat/completions");
        assertThat(request.path("headers").path("authorization").asString()).isEqualTo("Bearer ***");
        assertThat(said()).doesNotContain(CANARY);
    }

    @Test
    void aQuestionMayComeFromStandardInputAndNeedNoConfiguration() throws Exception {
        question = "{" + CALL.replace("smart", "echo/echo") + "}";

        assertThat(run("--explain", "-")).as(complained()).isZero();

        JsonNode told = Json.read(said());
        assertThat(told.path("caller").path("key").asString()).isEqualTo("default");
        assertThat(told.path("candidates").get(0).path("target").asString()).isEqualTo("echo/echo");
    }

    @Test
    void aQuestionThatIsNoneIsComplainedAbout() throws Exception {
        question = "{\"endpoint\":\"/v1/nothing\"}";
        assertThat(run("--explain", "-")).isEqualTo(2);
        assertThat(complained()).contains("cannot be answered", "endpoint");
        assertThat(run("--explain", folder.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(complained()).contains("cannot be read");
        assertThat(run("--explain")).isEqualTo(2);
    }

    @Test
    void theExplainPageAnswersAtTheDoorAndTakesNothing() throws Exception {
        String body = "{" + CALL + "}";
        try (StandAlone server = new StandAlone(GatewayFactory.open(explainable()), "127.0.0.1", 0)) {
            server.start();
            for (int i = 0; i < 3; i++) {
                try (RawClient client = new RawClient(server.at().getPort())) {
                    Answer answer = client.send("POST /tollgate/explain HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer "
                                    + KEY.reveal() + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                            .readAnswer();
                    assertThat(answer.status()).isEqualTo(200);
                    JsonNode told = Json.read(answer.body());
                    assertThat(told.path("limits").get(0).path("remaining").intValue())
                            .isEqualTo(1);
                    assertThat(told.path("candidates").get(0).path("target").asString())
                            .isEqualTo("openai/gpt-5.1");
                    assertThat(answer.text()).doesNotContain(CANARY, KEY.reveal());
                }
            }
        }
    }

    @Test
    void aPortInUseIsTold() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("--port", String.valueOf(taken.getLocalPort()))).isEqualTo(1);
            assertThat(complained()).contains("cannot listen on port " + taken.getLocalPort(), "--port N");
        }
    }

    @Test
    void theCurlLineOfTheBannerWorks() throws Exception {
        Main main = main();
        Thread serving = new Thread(() -> {
            try {
                main.run(List.of("--port", "0"));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        serving.setDaemon(true);
        serving.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> said().contains("curl "));
        Matcher curl = Pattern.compile(
                        "curl http://127\\.0\\.0\\.1:(\\d+)(\\S+) \\\\\\s+-H \"(.+?)\" \\\\\\s+-H \"(.+?)\" \\\\\\s+-d '(.+?)'")
                .matcher(said());
        assertThat(curl.find()).as(said()).isTrue();

        try (RawClient client = new RawClient(Integer.parseInt(curl.group(1)))) {
            String body = curl.group(5);
            Answer answer = client.send("POST " + curl.group(2) + " HTTP/1.1\r\nHost: t\r\n" + curl.group(3) + "\r\n"
                            + curl.group(4) + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .readAnswer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).contains("Hello");
            assertThat(answer.head()).doesNotContain("server:");
        }
    }

    @Test
    void anOfferToUpgradeToHttp2IsIgnored() throws Exception {
        KeyText key = KeyText.generate(new SecureRandom());
        Gateway gateway = GatewayFactory.builtIn(Map.of(), key.sha256());
        try (StandAlone server = new StandAlone(gateway, "127.0.0.1", 0)) {
            server.start();
            try (RawClient client = new RawClient(server.at().getPort())) {
                Answer answer = client.send(String.join(
                                "\r\n",
                                "GET /tollgate/health/ready HTTP/1.1",
                                "Host: t",
                                "Connection: Upgrade, HTTP2-Settings",
                                "Upgrade: h2c",
                                "HTTP2-Settings: AAMAAABk",
                                "",
                                ""))
                        .readAnswer();
                assertThat(answer.status()).isEqualTo(200);
            }
        }
    }
}
