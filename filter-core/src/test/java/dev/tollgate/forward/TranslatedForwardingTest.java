package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.Call;
import dev.tollgate.CallFixture;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.Secret;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Callers and targets of different dialects. */
class TranslatedForwardingTest extends ForwardingBase {
    private static final String REQUEST =
            "{\"model\":\"smart\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String START =
            "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\","
                    + "\"role\":\"assistant\",\"model\":\"c\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
                    + "\"usage\":{\"input_tokens\":11,\"output_tokens\":1}}}";
    private static final String BLOCK =
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}";
    private static final String TEXT =
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"hello\"}}";
    private static final String BLOCK_END = "{\"type\":\"content_block_stop\",\"index\":0}";
    private static final String DELTA = "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\","
            + "\"stop_sequence\":null},\"usage\":{\"output_tokens\":5}}";
    private static final String STOPPED = "{\"type\":\"message_stop\"}";

    private final FakeExchange caller = new FakeExchange(
            "POST",
            "/v1/messages",
            Map.of("anthropic-version", "2023-06-01", "anthropic-beta", "something"),
            new byte[0]);

    private CallFixture anthropicCaller() {
        return new CallFixture(caller, dialects.get("anthropic")).body(REQUEST);
    }

    private static Provider claude(FakeUpstream upstream) {
        Quirks quirks = new Quirks(
                true,
                "max_tokens",
                Set.of(),
                Map.of("anthropic-version", "2023-06-01"),
                List.of("anthropic-version", "anthropic-beta"),
                List.of());
        return new Provider(
                "claude",
                "anthropic",
                upstream.uri(),
                Way.chat(Map.of("anthropic", "/v1/messages")),
                new Credential.KeyHeader("x-api-key", new Secret("key-of-claude")),
                quirks);
    }

    @Test
    void aWholeAnswerIsTranslated() {
        first.then(peer -> peer.json(200, WHOLE, "x-request-id: theirs", "openai-processing-ms: 5"));
        Call call = anthropicCaller().to(provider("one", first)).call();
        answered(run(call));
        assertThat(first.lastRequest().line()).startsWith("POST /v1/chat/completions ");
        assertThat(first.lastRequest().headers()).doesNotContainKeys("anthropic-version", "anthropic-beta");
        assertThat(caller.text())
                .contains("\"type\":\"message\"")
                .contains("hello")
                .contains("end_turn");
        assertThat(caller.answerHeader("openai-processing-ms")).isEmpty();
        assertThat(CallFixture.record(call).usage().total()).isEqualTo(10);
    }

    @Test
    void aStreamIsTranslated() {
        first.then(peer -> peer.stream()
                .data(ROLE)
                .data(delta("hello"))
                .data(STOP)
                .data(USAGE)
                .data("[DONE]")
                .endChunks());
        Call call = anthropicCaller().streamed().to(provider("one", first)).call();
        answered(run(call));
        assertThat(caller.text())
                .startsWith("event: message_start\n")
                .contains("hello")
                .endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        assertThat(CallFixture.record(call).usage().total()).isEqualTo(10);
        assertThat(CallFixture.record(call).estimated()).isFalse();
    }

    @Test
    void aTranslatedStreamThatBreaksOffEndsInAnErrorOfTheCallersDialect() {
        first.then(peer -> {
            peer.stream().data(ROLE).data(delta("hello"));
            peer.await(gate).close();
        });
        Call call = anthropicCaller().streamed().to(provider("one", first)).call();
        CompletableFuture<Void> outcome = run(call);
        await().until(() -> caller.text().contains("hello"));
        gate.countDown();
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.PROVIDER_STREAM_INTERRUPTED);
        assertThat(caller.text())
                .contains("event: error\ndata: {\"type\":\"error\"")
                .doesNotContain("message_stop")
                .doesNotContain("stop_reason\":\"");
        assertThat(caller.isEnded()).isTrue();
    }

    @Test
    void theProvidersErrorInAStreamIsToldInTheCallersDialect() {
        first.then(peer -> {
            peer.stream()
                    .data(ROLE)
                    .data(delta("hello"))
                    .await(gate)
                    .data(ERROR.formatted("crashed", "server_error"))
                    .data("[DONE]")
                    .endChunks();
        });
        Call call = anthropicCaller().streamed().to(provider("one", first)).call();
        CompletableFuture<Void> outcome = run(call);
        await().until(() -> caller.text().contains("hello"));
        gate.countDown();
        assertThat(refusalOf(outcome).message()).contains("crashed");
        assertThat(caller.text().split("event: error", -1)).hasSize(2);
        assertThat(caller.text()).doesNotContain("message_stop");
    }

    @Test
    void anErrorOfAnotherDialectKeepsStatusTypeAndCode() {
        first.then(peer -> peer.json(422, ERROR.formatted("too odd", "invalid_request_error")));
        Refusal refusal =
                refusalOf(run(anthropicCaller().to(provider("one", first)).call()));
        assertThat(refusal.status()).isEqualTo(422);
        assertThat(refusal.providerType()).contains("invalid_request_error");
        assertThat(refusal.message()).contains("too odd");
        assertThat(refusal.verbatim()).isNull();
    }

    @Test
    void fallbackCrossesDialects() {
        first.then(peer -> peer.json(503, "{}"));
        second.then(peer -> peer.stream()
                .event("message_start", START)
                .event("content_block_start", BLOCK)
                .event("content_block_delta", TEXT)
                .event("content_block_stop", BLOCK_END)
                .event("message_delta", DELTA)
                .event("message_stop", STOPPED)
                .endChunks());
        Call call = new CallFixture(exchange, dialects.get("openai-chat"))
                .to(provider("one", first), claude(second))
                .streamed()
                .call();
        answered(run(call));
        assertThat(second.lastRequest().header("x-api-key")).contains("key-of-claude");
        assertThat(second.lastRequest().header("authorization")).isEmpty();
        assertThat(second.lastRequest().line()).startsWith("POST /v1/messages ");
        assertThat(exchange.text()).contains("\"hello\"").endsWith("data: [DONE]\n\n");
        CallRecord record = CallFixture.record(call);
        assertThat(record.target()).isEqualTo("claude/m-claude");
        assertThat(record.usage().input()).isEqualTo(11);
        assertThat(record.usage().output()).isEqualTo(5);
    }

    @Test
    void sameDialectForwardsTheCallersVersionHeaders() {
        first.then(peer -> peer.stream()
                .event("message_start", START)
                .event("content_block_start", BLOCK)
                .event("content_block_delta", TEXT)
                .event("content_block_stop", BLOCK_END)
                .event("message_delta", DELTA)
                .event("message_stop", STOPPED)
                .endChunks());
        answered(run(anthropicCaller().streamed().to(claude(first)).call()));
        assertThat(first.lastRequest().header("anthropic-beta")).contains("something");
        assertThat(first.lastRequest().headers().get("anthropic-version")).hasSize(1);
        assertThat(caller.text()).startsWith("event: message_start\ndata: " + START + "\n\n");
        assertThat(caller.text()).endsWith("event: message_stop\ndata: " + STOPPED + "\n\n");
    }

    /** The count that message_start gives is not what the answer used. */
    @Test
    void anInterruptedStreamIsChargedForWhatWasSeen() {
        String words = TEXT.replace("hello", "word ".repeat(400));
        first.then(peer -> {
            peer.stream().event("message_start", START).event("content_block_start", BLOCK);
            peer.event("content_block_delta", words).await(gate).close();
        });
        Call call = anthropicCaller().streamed().to(claude(first)).call();
        CompletableFuture<Void> outcome = run(call);
        await().until(() -> caller.text().contains("word"));
        gate.countDown();
        refusalOf(outcome);
        CallRecord record = CallFixture.record(call);
        assertThat(record.estimated()).isTrue();
        assertThat(record.usage().input()).isEqualTo(11);
        assertThat(record.usage().output()).isEqualTo(500);
        assertThat(caller.text()).contains("event: error").doesNotContain("message_stop");
    }
}
