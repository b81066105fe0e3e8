package dev.tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Servers;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The configuration file changes while the gateway runs in a real server. */
@ParameterizedClass
@EnumSource
class ReloadIT {
    /** A look every two seconds, and another to see that the file has settled; the rest is for a busy machine. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static RealGateway gateway;

    private final Path file;
    private String good = "";

    ReloadIT(Servers kind) {
        file = gateway.server().webapp("ai").resolve("WEB-INF/tollgate.yaml");
        assertThat(file).as("configuration in %s", kind).exists();
    }

    @BeforeParameterizedClassInvocation
    static void start(Servers kind) {
        gateway = RealGateway.start(kind, "reload");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void remember() throws Exception {
        good = Files.readString(file);
    }

    @AfterEach
    void restore() throws Exception {
        write(good);
        await().atMost(SOON).until(() -> status(RealGateway.KEY, "oai-plain") == 200);
    }

    @Test
    void aChangeTakesEffectWithinSeconds() throws Exception {
        assertThat(status(RealGateway.KEY, "brand-new")).isEqualTo(404);

        write(good.replace("\nmodels:\n", "\nmodels:\n  brand-new: { targets: [ { use: oai/plain } ] }\n"));

        await().atMost(SOON).until(() -> status(RealGateway.KEY, "brand-new") == 200);
    }

    @Test
    void aFileThatIsReplacedByAnotherOneCountsAsAChange() throws Exception {
        String text = good.replace(RealGateway.sha256(RealGateway.PLAIN_KEY), "0".repeat(64));
        Path other = Files.writeString(file.resolveSibling("tollgate.yaml.new"), text);

        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        await().atMost(SOON).until(() -> status(RealGateway.PLAIN_KEY, "oai-plain") == 401);
        assertThat(status(RealGateway.KEY, "oai-plain")).isEqualTo(200);
    }

    @Test
    void aBrokenFileLeavesTheLastGoodOneInForceAndTheLogSaysWhereItIsBroken() throws Exception {
        String broken = good.replace("\nmodels:\n", "\nmodels:\n  broken: { tragets: [ { use: oai/plain } ] }\n");
        long before =
                broken.lines().takeWhile(each -> !each.contains("tragets")).count();
        write(broken);

        String line = "tollgate.yaml:" + (before + 1) + ":13: unknown key 'tragets' - did you mean 'targets'?";
        await().atMost(SOON).until(() -> gateway.server().log().contains(line));
        assertThat(gateway.server().log())
                .containsPattern(Pattern.compile("cannot be used; the last good one stays in force"));
        assertThat(status(RealGateway.KEY, "oai-plain")).isEqualTo(200);
        assertThat(status(RealGateway.KEY, "broken")).isEqualTo(404);
    }

    @Test
    void aCallUnderWayEndsOnTheConfigurationItBeganWith() throws Exception {
        CompletableFuture<HttpResponse<String>> held = HTTP.sendAsync(
                request(RealGateway.SINGLE_KEY, "oai-held", ",\"stream\":true"), BodyHandlers.ofString());
        await().until(() -> gateway.metric("tollgate_calls_in_flight") == 1);

        write(good.replace("\"oai-*\":", "\"old-*\":").replace("\"oai-plain\", ", ""));
        await().atMost(SOON).until(() -> status(RealGateway.KEY, "oai-plain") == 404);
        gateway.provider().goOn();

        assertThat(held.join().body()).contains("[DONE]");
        assertThat(status(RealGateway.SINGLE_KEY, "ant-plain")).isEqualTo(200);
    }

    private void write(String text) throws Exception {
        Files.writeString(file, text);
    }

    private static int status(String key, String model) throws Exception {
        return HTTP.send(request(key, model, ""), BodyHandlers.ofString()).statusCode();
    }

    private static HttpRequest request(String key, String model, String more) {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + more + "}";
        return HttpRequest.newBuilder(gateway.uri("/v1/chat/completions"))
                .header("authorization", "Bearer " + key)
                .POST(BodyPublishers.ofString(body))
                .build();
    }
}
