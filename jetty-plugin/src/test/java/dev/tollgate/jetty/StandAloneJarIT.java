package dev.tollgate.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.access.KeyText;
import dev.tollgate.testing.BrokenAnswers;
import dev.tollgate.testing.FakeUpstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-alone JAR as it is built: its libraries have names of ours, and still work under them. */
class StandAloneJarIT {
    private static final Path JAR = Path.of(System.getProperty("tollgate.jar"));
    private static final KeyText KEY = KeyText.generate(new SecureRandom());
    private static final Pattern SERVES = Pattern.compile("serves (http://\\S+)");

    @TempDir
    Path folder;

    @Test
    void everyClassHasANameOfOursOrOfJettys() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".class")))
                    .hasSizeGreaterThan(1000)
                    .allMatch(name -> name.startsWith("dev/tollgate/") || name.startsWith("org/eclipse/jetty/"));
        }
    }

    @Test
    void callsAreSignedForAwsAndItsStreamsAreRead() throws Exception {
        BrokenAnswers.Wire converse = BrokenAnswers.wires().stream()
                .filter(wire -> wire.dialect().equals("bedrock"))
                .findFirst()
                .orElseThrow();
        try (FakeUpstream upstream = new FakeUpstream().always(BrokenAnswers.good(converse))) {
            Process gateway = start(upstream.uri());
            try {
                HttpRequest call = HttpRequest.newBuilder(URI.create(address() + "/v1/chat/completions"))
                        .header("authorization", "Bearer " + KEY.reveal())
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString("{\"model\":\"nova\",\"stream\":true,"
                                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"))
                        .build();

                String answer = HttpClient.newHttpClient()
                        .send(call, BodyHandlers.ofString())
                        .body();

                assertThat(answer).contains("\"content\":\"Hel\"").endsWith("data: [DONE]\n\n");
                assertThat(upstream.requests().get(0).header("authorization").orElse(""))
                        .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                        .contains("/us-east-1/bedrock/aws4_request");
            } finally {
                gateway.destroyForcibly().waitFor();
            }
        }
    }

    private Process start(URI upstream) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "secret");
        Path config = Files.write(
                folder.resolve("tollgate.yaml"),
                List.of(
                        "providers:",
                        "  bedrock: { base-url: '" + upstream + "', region: us-east-1,"
                                + " access-key-id: AKIDEXAMPLE, secret-access-key: '${file:" + secret + "}' }",
                        "models: { nova: { targets: [ bedrock/amazon.nova-n ] } }",
                        "keys: [ { name: mine, sha256: " + KEY.sha256() + ", models: ['*'] } ]"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        JAR.toString(),
                        "--config",
                        config.toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
    }

    private Path log() {
        return folder.resolve("log");
    }

    private String address() {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            Matcher serves = SERVES.matcher(Files.readString(log()));
                            return serves.find() ? serves.group(1) : "";
                        },
                        found -> !found.isEmpty());
    }
}
