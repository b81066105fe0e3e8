package dev.tollgate.forward;

import static dev.tollgate.testing.FakeTargets.json;
import static dev.tollgate.testing.FakeTargets.provider;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.CallFixture;
import dev.tollgate.choose.TargetChooser;
import dev.tollgate.credential.Authorizer;
import dev.tollgate.credential.Machine;
import dev.tollgate.dialect.openaichat.OpenAiChat;
import dev.tollgate.health.HealthEvents;
import dev.tollgate.health.LocalHealth;
import dev.tollgate.load.Load;
import dev.tollgate.retry.Retries;
import dev.tollgate.retry.RetryEvents;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeTargets;
import dev.tollgate.testing.FakeTargets.Answer;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.ManualTimers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * All providers are down for a minute, and then up again, with calls coming all the while: they must not be asked more than that
 * justifies, and must get all their calls back soon. Time is the test's, the rest is real.
 */
class OutageTest {
    private static final int CALLS_A_SECOND = 20;

    private final ManualTime time = new ManualTime();
    private final ManualTimers timers = new ManualTimers(time);
    private final FakeTargets targets = new FakeTargets();
    private final Random random = new Random(5);
    private final LocalHealth health = new LocalHealth(time, time, HealthEvents.NONE);
    private final Authorizer authorizer =
            new Authorizer(new TokenFetcher(timers), new Machine(Map.of(), Path.of("")), time);
    private final Forwarder forwarder = new Forwarder(new Forwarder.Parts(
                    targets,
                    Translator.between(id -> new OpenAiChat(InstantSource.fixed(ForwardingBase.NOW))),
                    new AnswerHeaders(time),
                    authorizer,
                    timers,
                    time,
                    "9.9")
            .with(
                    new TargetChooser(health, random, time),
                    health,
                    Load.unlimited(),
                    Retries.fresh(time, random, RetryEvents.none())));
    private int answered;

    @ParameterizedTest
    @CsvSource({"connect, 1", "connect, 3", "500, 1", "500, 3", "503, 2", "silence, 2", "429, 2", "401, 2"})
    void anOutageMakesNoStormAndIsOverWhenItIsOver(String kind, int count) {
        everybody(count, json(200, ForwardingBase.WHOLE));
        seconds(20, count);
        assertThat(answered).isEqualTo(20 * CALLS_A_SECOND);

        everybody(count, broken(kind));
        answered = 0;
        int before = targets.sent().size();
        seconds(60, count);
        assertThat(answered).isLessThanOrEqualTo(CALLS_A_SECOND);
        int attempts = targets.sent().size() - before;
        assertThat(attempts).as("attempts").isLessThanOrEqualTo(60 * CALLS_A_SECOND * 120 / 100);

        everybody(count, json(200, ForwardingBase.WHOLE));
        seconds(10, count);
        answered = 0;
        seconds(10, count);
        assertThat(answered).as("answered from ten seconds after").isEqualTo(10 * CALLS_A_SECOND);
        authorizer.close();
    }

    private static Answer broken(String kind) {
        return switch (kind) {
            case "connect" -> FakeTargets.failure(UpstreamFailure.Kind.CONNECT);
            case "silence" -> FakeTargets.silence();
            case "429" -> json(429, "{}", "retry-after: 5");
            default -> json(Integer.parseInt(kind), "{}");
        };
    }

    private void everybody(int count, Answer answer) {
        for (int i = 1; i <= count; i++) {
            targets.always("p" + i, answer);
        }
    }

    private void seconds(int seconds, int count) {
        for (int i = 0; i < seconds * CALLS_A_SECOND; i++) {
            call(count);
            timers.pass(Duration.ofSeconds(1).toNanos() / CALLS_A_SECOND);
        }
        timers.pass(Duration.ofMillis(1).toNanos());
    }

    private void call(int count) {
        Duration second = Duration.ofSeconds(1);
        CallFixture fixture = new CallFixture(new FakeExchange(), new OpenAiChat(time))
                .clock(time)
                .timeouts(second, second.multipliedBy(2), second, second.multipliedBy(4));
        for (int i = 1; i <= count; i++) {
            fixture.to(provider("p" + i, 1));
        }
        CompletableFuture<Void> unused = forwarder
                .send(fixture.call())
                .thenCompose(Reply::streamBack)
                .toCompletableFuture()
                .whenComplete((done, failure) -> answered += failure == null ? 1 : 0);
    }
}
