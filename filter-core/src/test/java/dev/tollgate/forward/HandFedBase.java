package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.CallFixture;
import dev.tollgate.Refusal;
import dev.tollgate.Secret;
import dev.tollgate.credential.Authorizer;
import dev.tollgate.credential.Machine;
import dev.tollgate.dialect.Dialects;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Handling;
import dev.tollgate.provider.Handling.OnAbort;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.ManualTimers;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;

/** What tests share in which time stands still until they let it pass, and providers send what they are told to. */
abstract class HandFedBase {
    static final String CHUNK = ForwardingBase.CHUNK;
    static final String ROLE = ForwardingBase.ROLE;
    static final String STOP = ForwardingBase.STOP;
    static final String USAGE = ForwardingBase.USAGE;
    static final String DONE = "[DONE]";

    final ManualTime time = new ManualTime();
    final ManualTimers timers = new ManualTimers(time);
    final HandFed upstreams = new HandFed();
    final Dialects dialects = new Dialects(time);
    final Authorizer authorizer = new Authorizer(new TokenFetcher(timers), new Machine(Map.of(), Path.of("")), time);
    Forwarder forwarder = forwarder();
    final FakeExchange exchange = new FakeExchange();

    Forwarder forwarder() {
        return forwarder(Translator.between(dialects::byId));
    }

    Forwarder forwarder(Translator translator) {
        return new Forwarder(
                new Forwarder.Parts(upstreams, translator, new AnswerHeaders(time), authorizer, timers, time, "9.9"));
    }

    @AfterEach
    void nothingIsHeldAtTheEnd() {
        authorizer.close();
        assertThat(exchange.fault()).isEmpty();
        assertThat(timers.next()).as("a timer that is still set").isEqualTo(Long.MAX_VALUE);
    }

    static Provider provider(String name, String dialect, OnAbort onAbort) {
        return provider(name, dialect, onAbort, Quirks.NONE);
    }

    static Provider provider(String name, String dialect, OnAbort onAbort, Quirks quirks) {
        Handling handling = new Handling(
                List.of(), Handling.Transport.DEFAULT, onAbort, Handling.Circuit.DEFAULT, Optional.empty());
        return new Provider(
                        name,
                        "any",
                        URI.create("http://127.0.0.1:1"),
                        List.of(Way.chat(dialect, "/ask")),
                        new Credential.Bearer(new Secret("key")),
                        quirks)
                .handled(handling);
    }

    CallFixture calling(String dialect, Provider... providers) {
        return new CallFixture(exchange, dialects.byId(dialect)).clock(time).to(providers);
    }

    /** A streamed call of OpenAI's chat at two targets that speak it. */
    CallFixture chat() {
        return calling(
                        "openai-chat",
                        provider("one", "openai-chat", OnAbort.CANCEL),
                        provider("two", "openai-chat", OnAbort.CANCEL))
                .streamed()
                .heartbeat(Duration.ofSeconds(5))
                .timeouts(
                        Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(600));
    }

    CompletableFuture<Void> run(dev.tollgate.Call call) {
        return forwarder.send(call).thenCompose(Reply::streamBack).toCompletableFuture();
    }

    void pass(long seconds) {
        timers.pass(Duration.ofSeconds(seconds).toNanos());
    }

    static Refusal refusalOf(CompletableFuture<Void> outcome) {
        assertThat(outcome).isCompletedExceptionally();
        try {
            outcome.join();
            throw new AssertionError("the call was answered whole");
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(Refusal.class);
            return (Refusal) e.getCause();
        }
    }

    static String event(String data) {
        return "data: " + data + "\n\n";
    }

    static String delta(String content) {
        return ForwardingBase.delta(content);
    }
}
