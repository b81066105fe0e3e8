package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.Call;
import dev.tollgate.CallFixture;
import dev.tollgate.Refusal;
import dev.tollgate.Secret;
import dev.tollgate.credential.Authorizer;
import dev.tollgate.credential.Machine;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.anthropic.Anthropic;
import dev.tollgate.dialect.openaichat.OpenAiChat;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** What tests of forwarding share: two scripted providers, a caller, and an audit at the end that nothing is held. */
abstract class ForwardingBase {
    static final String CHUNK = "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}";
    static final String ROLE = CHUNK.formatted("{\"role\":\"assistant\",\"content\":\"\"}", "null");
    static final String STOP = CHUNK.formatted("{}", "\"stop\"");
    static final String USAGE = "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}";
    static final String WHOLE =
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":"
                    + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}";
    static final String ERROR =
            "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"param\":null,\"code\":\"some_code\"}}";
    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
    final HttpUpstreams http = new HttpUpstreams(new PoolLimits(4, 64), timers);
    final FakeUpstream first = new FakeUpstream();
    final FakeUpstream second = new FakeUpstream();
    final CountDownLatch gate = new CountDownLatch(1);
    final FakeExchange exchange = new FakeExchange();
    final Map<String, Dialect> dialects =
            Map.of("openai-chat", new OpenAiChat(InstantSource.fixed(NOW)), "anthropic", new Anthropic());
    final Authorizer authorizer =
            new Authorizer(new TokenFetcher(timers), new Machine(Map.of(), Path.of("")), InstantSource.fixed(NOW));
    final Forwarder forwarder = new Forwarder(new Forwarder.Parts(
            http,
            Translator.between(dialects::get),
            new AnswerHeaders(InstantSource.fixed(NOW)),
            authorizer,
            timers,
            InstantSource.fixed(NOW),
            "9.9"));

    @BeforeAll
    static void lookOften() {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(5));
    }

    ForwardingBase() {
        timers.setRemoveOnCancelPolicy(true);
    }

    @AfterEach
    void nothingIsHeldAtTheEnd() {
        gate.countDown();
        try {
            await().untilAsserted(() -> assertThat(http.inUse()).isZero());
            await().untilAsserted(() -> assertThat(timers.getQueue().size()).isLessThanOrEqualTo(1));
            assertThat(exchange.fault()).isEmpty();
        } finally {
            authorizer.close();
            http.close();
            first.close();
            second.close();
            timers.shutdownNow();
        }
    }

    static Provider provider(String name, FakeUpstream upstream) {
        return provider(name, upstream, Quirks.NONE);
    }

    static Provider provider(String name, FakeUpstream upstream, Quirks quirks) {
        return new Provider(
                name,
                "openai",
                upstream.uri().resolve("/v1"),
                Way.chat(Map.of("openai-chat", "/chat/completions")),
                new Credential.Bearer(new Secret("key-of-" + name)),
                quirks);
    }

    CallFixture fixture() {
        return new CallFixture(exchange, dialects.get("openai-chat"))
                .to(provider("one", first), provider("two", second));
    }

    /** Sends a call and its answer; the refusal it ended with, or null. */
    static CompletableFuture<Void> run(Forwarder forwarder, Call call) {
        return forwarder.send(call).thenCompose(Reply::streamBack).toCompletableFuture();
    }

    CompletableFuture<Void> run(Call call) {
        return run(forwarder, call);
    }

    static Refusal refusalOf(CompletableFuture<Void> outcome) {
        await().until(outcome::isDone);
        try {
            outcome.join();
            throw new AssertionError("the call was answered whole");
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(Refusal.class);
            return (Refusal) e.getCause();
        }
    }

    static void answered(CompletableFuture<Void> outcome) {
        await().until(outcome::isDone);
        assertThat(outcome).isCompleted();
    }

    static String delta(String content) {
        return CHUNK.formatted("{\"content\":\"" + content + "\"}", "null");
    }
}
