package dev.tollgate.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.json.Json;
import dev.tollgate.testing.FakeProvider;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.Peer;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Recordings;
import dev.tollgate.testing.Recordings.Recording;
import dev.tollgate.testing.ServerProcess;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.SharedGateways;
import dev.tollgate.testing.Told;
import dev.tollgate.testing.Webapp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** Real recorded traffic through the gateway in real servers: the recorded answers, and the recorded requests. */
@ParameterizedClass
@EnumSource
class ReplayIT {
    private static final String CONFIGURATION = """
            providers:
              oai: { like: openai-compatible, base-url: "%1$s/v1" }
              ant: { like: anthropic-compatible, base-url: "%1$s" }
            models:
              oai: { targets: [ { use: oai/recorded } ] }
              ant: { targets: [ { use: ant/recorded } ] }
            keys:
              - { name: all, sha256: "%2$s", models: ["*"] }
            """;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static FakeUpstream upstream;
    private static ServerProcess server;

    private final RealGateway strict;

    ReplayIT(Servers kind) {
        strict = SharedGateways.in(kind);
    }

    @BeforeParameterizedClassInvocation
    static void start(Servers kind) {
        upstream = new FakeUpstream();
        Webapp app = Webapp.named("ai")
                .withGateway()
                .with(
                        "WEB-INF/tollgate.yaml",
                        CONFIGURATION.formatted(upstream.uri(), RealGateway.sha256(RealGateway.KEY)));
        server = ServerProcess.start(kind, "replay", Map.of(), app);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        server.close();
        upstream.close();
    }

    static Stream<Recording> openAi() {
        return Recordings.of("openai/chat.completions").stream();
    }

    static Stream<Recording> anthropic() {
        return Recordings.of("anthropic/messages").stream();
    }

    static Stream<Recording> openAiAnswers() {
        return openAi().filter(ReplayIT::isAnswer);
    }

    static Stream<Recording> anthropicAnswers() {
        return anthropic().filter(ReplayIT::isAnswer);
    }

    private static boolean isAnswer(Recording recording) {
        return recording.status() == 200;
    }

    // --- the recorded answer to the recorded request, in its own dialect

    @ParameterizedTest(name = "{0}")
    @MethodSource("openAi")
    void openAiToItsOwnDialectIsTheSameToTheByte(Recording recording) throws Exception {
        assertSame(recording, replay(recording, "/v1/chat/completions", asked(recording, "oai")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("anthropic")
    void anthropicToItsOwnDialectIsTheSameToTheByte(Recording recording) throws Exception {
        assertSame(recording, replay(recording, "/v1/messages", asked(recording, "ant")));
    }

    private static void assertSame(Recording recording, HttpResponse<byte[]> answer) {
        if (recording.status() == 401 || recording.status() == 403) {
            assertThat(answer.statusCode()).isEqualTo(502);
            return;
        }
        assertThat(answer.statusCode()).isEqualTo(recording.status());
        if (isAnswer(recording) || Json.read(recording.answer()).has("error")) {
            assertThat(new String(answer.body(), UTF_8)).isEqualTo(new String(recording.answer(), UTF_8));
            assertThat(answer.body()).isEqualTo(recording.answer());
        }
    }

    // --- the recorded answer in the other dialect

    @ParameterizedTest(name = "{0}")
    @MethodSource("openAiAnswers")
    void openAiToAnthropicTellsTheSame(Recording recording) throws Exception {
        HttpResponse<byte[]> own = replay(recording, "/v1/chat/completions", simple("oai", recording));
        HttpResponse<byte[]> other = replay(recording, "/v1/messages", simple("oai", recording));

        assertThat(Told.byAnthropic(text(other), recording.streamed(), true))
                .isEqualTo(Told.byOpenAi(text(own), recording.streamed(), false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("anthropicAnswers")
    void anthropicToOpenAiTellsTheSame(Recording recording) throws Exception {
        HttpResponse<byte[]> own = replay(recording, "/v1/messages", simple("ant", recording));
        HttpResponse<byte[]> other = replay(recording, "/v1/chat/completions", simple("ant", recording));

        assertThat(Told.byOpenAi(text(other), recording.streamed(), true))
                .isEqualTo(Told.byAnthropic(text(own), recording.streamed(), false));
    }

    // --- the recorded request to a strict provider of the other dialect

    @ParameterizedTest(name = "{0}")
    @MethodSource("openAiAnswers")
    void whatOpenAiWasAskedCanBeAskedOfAnthropic(Recording recording) throws Exception {
        URI uri = strict.uri("/v1/chat/completions");

        assertThat(text(call(uri, asked(recording, "ant-plain")))).contains(FakeProvider.SENTENCE.substring(0, 3));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("anthropicAnswers")
    void whatAnthropicWasAskedCanBeAskedOfOpenAi(Recording recording) throws Exception {
        URI uri = strict.uri("/v1/messages");

        assertThat(text(call(uri, asked(recording, "oai-plain")))).contains(FakeProvider.SENTENCE.substring(0, 3));
    }

    // --- over the wire

    private static String asked(Recording recording, String model) {
        return Json.text(((ObjectNode) recording.request()).put("model", model));
    }

    private static String simple(String model, Recording recording) {
        String usage = recording.streamed() ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : "";
        return "{\"model\":\"" + model + "\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
                + usage + "}";
    }

    private static HttpResponse<byte[]> replay(Recording recording, String path, String request) throws Exception {
        upstream.always(peer -> serve(recording, peer));
        return call(server.uri("/ai" + path), request);
    }

    private static HttpResponse<byte[]> call(URI uri, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("authorization", "Bearer " + RealGateway.KEY)
                .POST(BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, BodyHandlers.ofByteArray());
    }

    private static String text(HttpResponse<byte[]> answer) {
        String text = new String(answer.body(), UTF_8);
        assertThat(answer.statusCode()).as(text).isEqualTo(200);
        return text;
    }

    private static void serve(Recording recording, Peer peer) throws IOException {
        String type = recording.streamed() ? "text/event-stream" : "application/json";
        peer.head(recording.status(), "Content-Type: " + type, "Content-Length: " + recording.answer().length);
        for (int at = 0; at < recording.answer().length; at += 500) {
            peer.raw(Arrays.copyOfRange(recording.answer(), at, Math.min(recording.answer().length, at + 500)));
        }
    }
}
