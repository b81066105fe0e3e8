package dev.tollgate.forward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.Call;
import dev.tollgate.CallFixture;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.Secret;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.testing.Peer;
import dev.tollgate.testing.Recordings;
import dev.tollgate.testing.Recordings.Recording;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Recorded answers of providers, served by a fake one over sockets to a caller of the same dialect and of another. */
class RecordedForwardingTest extends ForwardingBase {
    private static final String OPENAI_CALLER =
            "{\"model\":\"m\",\"stream\":%s,\"stream_options\":{\"include_usage\":true},"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String ANTHROPIC_CALLER = "{\"model\":\"m\",\"stream\":%s,\"max_tokens\":9,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    static Stream<Recording> openai() {
        return Recordings.of("openai/chat.completions").stream();
    }

    static Stream<Recording> anthropic() {
        return Recordings.of("anthropic/messages").stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("openai")
    void openAiToOpenAi(Recording recording) {
        sameDialect(recording, "openai-chat", OPENAI_CALLER);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("anthropic")
    void anthropicToAnthropic(Recording recording) {
        sameDialect(recording, "anthropic", ANTHROPIC_CALLER);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("openai")
    void openAiToAnthropic(Recording recording) {
        otherDialect(recording, "openai-chat", "anthropic", ANTHROPIC_CALLER, "message_stop");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("anthropic")
    void anthropicToOpenAi(Recording recording) {
        otherDialect(recording, "anthropic", "openai-chat", OPENAI_CALLER, "data: [DONE]");
    }

    private void sameDialect(Recording recording, String dialect, String caller) {
        Call call = call(recording, dialect, dialect, caller);
        CompletableFuture<Void> outcome = run(call);
        if (isError(recording)) {
            Refusal refusal = refusalOf(outcome);
            if (refusal.code() != ErrorCode.PROVIDER_AUTH_FAILED) {
                assertThat(refusal.status()).isEqualTo(recording.status());
                keepsWhatItSaid(refusal, recording);
            }
        } else {
            await().until(outcome::isDone);
            assertThat(exchange.bytes()).isEqualTo(recording.answer());
            assertThat(outcome.isCompletedExceptionally()).isEqualTo(endsInAnError(recording));
        }
    }

    /** Some recorders have kept an error without its envelope, which no SDK would understand. */
    private static void keepsWhatItSaid(Refusal refusal, Recording recording) {
        JsonNode body = Json.read(recording.answer());
        if (body.has("error")) {
            assertThat(refusal.verbatim()).isEqualTo(recording.answer());
        } else {
            assertThat(refusal.providerType()).contains(body.path("type").stringValue());
            assertThat(refusal.message()).contains(body.path("message").stringValue());
        }
    }

    private void otherDialect(Recording recording, String targets, String callers, String caller, String markOfTheEnd) {
        Call call = call(recording, targets, callers, caller);
        CompletableFuture<Void> outcome = run(call);
        if (isError(recording)) {
            assertThat(refusalOf(outcome).status()).isEqualTo(isAuth(recording) ? 502 : recording.status());
        } else if (endsInAnError(recording)) {
            refusalOf(outcome);
            assertThat(exchange.text()).doesNotContain(markOfTheEnd);
        } else {
            answered(outcome);
            assertThat(exchange.text().contains(markOfTheEnd)).isEqualTo(recording.streamed());
            assertThat(CallFixture.record(call).finish()).isNotNull();
        }
    }

    private static boolean isError(Recording recording) {
        return recording.status() >= 400;
    }

    private static boolean isAuth(Recording recording) {
        return recording.status() == 401 || recording.status() == 402 || recording.status() == 403;
    }

    private static boolean endsInAnError(Recording recording) {
        String text = new String(recording.answer(), UTF_8);
        return recording.streamed() && (text.contains("\ndata: {\"error\"") || text.contains("event: error"));
    }

    private Call call(Recording recording, String targets, String callers, String request) {
        first.always(peer -> serve(recording, peer));
        Provider provider = new Provider(
                "recorded",
                targets.equals("anthropic") ? "anthropic" : "openai",
                first.uri(),
                Way.chat(Map.of(targets, "/chat")),
                new Credential.Bearer(new Secret("k")),
                Quirks.NONE);
        boolean streamed = recording.streamed();
        CallFixture fixture =
                new CallFixture(exchange, dialects.get(callers)).to(provider).body(request.formatted(false));
        return streamed ? fixture.body(request.formatted(true)).asked(true).call() : fixture.call();
    }

    private static void serve(Recording recording, Peer peer) throws IOException {
        String type = recording.streamed() ? "text/event-stream" : "application/json";
        peer.head(recording.status(), "Content-Type: " + type, "Content-Length: " + recording.answer().length);
        for (int at = 0; at < recording.answer().length; at += 1_000) {
            int to = Math.min(recording.answer().length, at + 1_000);
            peer.raw(Arrays.copyOfRange(recording.answer(), at, to));
        }
    }
}
