package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Call;
import dev.tollgate.CallFixture;
import dev.tollgate.Refusal;
import dev.tollgate.config.Settings.Routing;
import dev.tollgate.credential.Authorizer;
import dev.tollgate.credential.Machine;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.openaichat.OpenAiChat;
import dev.tollgate.retry.Retries;
import dev.tollgate.retry.RetryBudget;
import dev.tollgate.retry.RetryEvents;
import dev.tollgate.route.Chooser;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeTargets;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.ManualTimers;
import dev.tollgate.testing.MemoryLedger;
import dev.tollgate.testing.WatchedHealth;
import dev.tollgate.testing.WatchedLoad;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;

/**
 * What tests of tries share: providers in memory, a clock that the test moves, and an audit at the end that everything that was
 * taken has been let go, once.
 */
abstract class TriesBase {
    static final String WHOLE = ForwardingBase.WHOLE;

    final ManualTime time = new ManualTime();
    final ManualTimers timers = new ManualTimers(time);
    final FakeTargets targets = new FakeTargets();
    final WatchedHealth health = new WatchedHealth();
    final WatchedLoad load = new WatchedLoad();
    final Noted events = new Noted();
    final MemoryLedger ledger = new MemoryLedger();
    final Dialect dialect = new OpenAiChat(InstantSource.fixed(ForwardingBase.NOW));
    /** Waits that are drawn at random are as short as can be. */
    final Retries retries = Retries.fresh(time, () -> 0L, events);

    final Authorizer authorizer = new Authorizer(new TokenFetcher(timers), new Machine(Map.of(), Path.of("")), time);
    final Forwarder forwarder = new Forwarder(new Forwarder.Parts(
                    targets,
                    Translator.between(id -> dialect),
                    new AnswerHeaders(time),
                    authorizer,
                    timers,
                    time,
                    "9.9")
            .with(Chooser.asTheyCome(), health, load, retries));
    FakeExchange exchange = new FakeExchange();
    final List<CallFixture> fixtures = new ArrayList<>();

    /** What was heard of retries, in words. */
    static final class Noted implements RetryEvents {
        final List<String> words = new ArrayList<>();

        @Override
        public void retried(String reason) {
            words.add("retried: " + reason);
        }

        @Override
        public void refused(RetryBudget.Spent whose) {
            words.add("refused: " + whose);
        }

        @Override
        public void fellBack(Fallback why) {
            words.add("fell back: " + why);
        }

        @Override
        public void hedged(Hedge outcome) {
            words.add("hedge: " + outcome);
        }
    }

    @AfterEach
    void everythingIsLetGo() {
        assertThat(health.isEven()).as("trials").isTrue();
        assertThat(load.isEven()).as("places").isTrue();
        assertThat(targets.underWay()).as("requests under way").isZero();
        assertThat(fixtures)
                .allSatisfy(
                        each -> assertThat(each.limits().isEven()).as("permits").isTrue());
        assertThat(timers.next()).as("timers").isEqualTo(Long.MAX_VALUE);
        assertThat(exchange.fault()).isEmpty();
        authorizer.close();
    }

    CallFixture fixture() {
        CallFixture fixture = new CallFixture(exchange, dialect).clock(time).ledger(ledger);
        fixtures.add(fixture);
        return fixture;
    }

    /** A caller who says more in headers. */
    CallFixture saying(String... headers) {
        Map<String, String> all = new java.util.HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        exchange = new FakeExchange("POST", "/v1/chat/completions", all, new byte[0]);
        return fixture();
    }

    /** Sends a call and its answer; nothing of time passes. */
    CompletableFuture<Void> begin(Call call) {
        return forwarder
                .send(call)
                .thenCompose(Reply::streamBack)
                .toCompletableFuture()
                .whenComplete((done, failure) -> {
                    CompletableFuture<Void> unused = call.account()
                            .close(
                                    call.status(),
                                    failure == null ? null : refusalOf(failure).code());
                });
    }

    /** Lets as much time pass as it takes. */
    void finish(CompletableFuture<Void> outcome) {
        while (!outcome.isDone() && timers.next() != Long.MAX_VALUE) {
            time.passNanos(Math.max(0, timers.next() - time.getAsLong()));
            timers.runNext();
        }
        assertThat(outcome).isDone();
    }

    /** The answer's text, or the code of the refusal. */
    String outcomeOf(Call call) {
        return outcomeOf(begin(call));
    }

    String outcomeOf(CompletableFuture<Void> outcome) {
        return refused(outcome).map(refusal -> refusal.code().id()).orElseGet(exchange::text);
    }

    Refusal refusal(Call call) {
        return refused(begin(call)).orElseThrow();
    }

    Optional<Refusal> refused(CompletableFuture<Void> outcome) {
        finish(outcome);
        try {
            outcome.join();
            return Optional.empty();
        } catch (CompletionException failure) {
            return Optional.of(refusalOf(failure));
        }
    }

    private static Refusal refusalOf(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        assertThat(cause).isInstanceOf(Refusal.class);
        return (Refusal) cause;
    }

    static Routing routing(boolean hedge, boolean control, Duration fast) {
        Routing usual = Routing.DEFAULT;
        return new Routing(
                usual.aliases(),
                usual.sticky(),
                usual.contextWindowFallback(),
                usual.contentPolicyFallback(),
                usual.budgetFallback(),
                fast,
                hedge,
                false,
                0,
                control);
    }

    static String error(String type, String code, String message) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":\"" + code
                + "\"}}";
    }
}
