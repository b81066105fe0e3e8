package dev.tollgate.forward;

import static dev.tollgate.testing.FakeTargets.failure;
import static dev.tollgate.testing.FakeTargets.json;
import static dev.tollgate.testing.FakeTargets.provider;
import static dev.tollgate.testing.FakeTargets.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollgate.Call;
import dev.tollgate.CallFixture;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.health.Verdict;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.route.Candidate;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeTargets.Answer;
import dev.tollgate.testing.TargetPrices;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TriesTest extends TriesBase {
    private static final String QUOTA = error("insufficient_quota", "insufficient_quota", "You exceeded your quota");
    private static final String LONG =
            error("invalid_request_error", "context_length_exceeded", "Your input exceeds the context window");
    private static final String POLICY = error("invalid_request_error", "content_filter", "The response was filtered");

    private static final Map<String, Answer> FAILURES = Map.ofEntries(
            Map.entry("connect", failure(UpstreamFailure.Kind.CONNECT)),
            Map.entry("TLS", failure(UpstreamFailure.Kind.TLS)),
            Map.entry("broken", failure(UpstreamFailure.Kind.BROKEN)),
            Map.entry("no HTTP", failure(UpstreamFailure.Kind.PROTOCOL)),
            Map.entry("pool", failure(UpstreamFailure.Kind.POOL_EXHAUSTED)),
            Map.entry("closing", failure(UpstreamFailure.Kind.CLOSED)),
            Map.entry("silence", silence()),
            Map.entry("401", json(401, "{}")),
            Map.entry("402", json(402, "{}")),
            Map.entry("403", json(403, "{}")),
            Map.entry("429", json(429, "{}")),
            Map.entry("429 for 7 s", json(429, "{}", "retry-after: 7")),
            Map.entry("429 for 40 s", json(429, "{}", "retry-after: 40")),
            Map.entry("429 for good", json(429, QUOTA)),
            Map.entry("500", json(500, "{}")),
            Map.entry("503", json(503, "{}")),
            Map.entry("503 for 40 s", json(503, "{}", "retry-after: 40")),
            Map.entry("529", json(529, "{}")),
            Map.entry("bad", json(200, "<html>")),
            Map.entry("400", json(400, "{}")),
            Map.entry("too long", json(400, LONG)),
            Map.entry("policy", json(400, POLICY)));

    /** What fails always; whom that makes the gateway ask, of targets a (and b) with so many credentials; what the caller is told. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            connect,      1, 1, a a a,          PROVIDER_UNREACHABLE
            connect,      3, 1, a/1 a/1 a/1,    PROVIDER_UNREACHABLE
            connect,      1, 2, a b a,          PROVIDER_UNREACHABLE
            TLS,          1, 1, a,              PROVIDER_UNREACHABLE
            TLS,          1, 2, a b,            PROVIDER_UNREACHABLE
            broken,       1, 1, a a a,          PROVIDER_UNREACHABLE
            broken,       1, 2, a b a,          PROVIDER_UNREACHABLE
            no HTTP,      1, 1, a,              PROVIDER_BAD_RESPONSE
            no HTTP,      3, 1, a/1,            PROVIDER_BAD_RESPONSE
            no HTTP,      1, 2, a b,            PROVIDER_BAD_RESPONSE
            pool,         1, 1, a,              GATEWAY_OVERLOADED
            pool,         1, 2, a b,            GATEWAY_OVERLOADED
            closing,      1, 2, a,              GATEWAY_DRAINING
            silence,      1, 1, a,              PROVIDER_TIMEOUT
            silence,      3, 1, a/1,            PROVIDER_TIMEOUT
            silence,      1, 2, a b,            PROVIDER_TIMEOUT
            401,          1, 1, a,              PROVIDER_AUTH_FAILED
            401,          2, 1, a/1 a/2,        PROVIDER_AUTH_FAILED
            401,          3, 1, a/1 a/2 a/3,    PROVIDER_AUTH_FAILED
            401,          5, 1, a/1 a/2 a/3,    PROVIDER_AUTH_FAILED
            401,          1, 2, a b,            PROVIDER_AUTH_FAILED
            401,          2, 2, a/1 a/2 b/1,    PROVIDER_AUTH_FAILED
            402,          2, 1, a/1 a/2,        PROVIDER_AUTH_FAILED
            402,          1, 2, a b,            PROVIDER_AUTH_FAILED
            403,          2, 1, a/1 a/2,        PROVIDER_AUTH_FAILED
            403,          1, 2, a b,            PROVIDER_AUTH_FAILED
            429,          1, 1, a,              PROVIDER_RATE_LIMITED
            429,          3, 1, a/1 a/2 a/3,    PROVIDER_RATE_LIMITED
            429,          1, 2, a b,            PROVIDER_RATE_LIMITED
            429 for 7 s,  1, 1, a a a,          PROVIDER_RATE_LIMITED
            429 for 7 s,  2, 1, a/1 a/2 a/1,    PROVIDER_RATE_LIMITED
            429 for 7 s,  1, 2, a b a,          PROVIDER_RATE_LIMITED
            429 for 40 s, 1, 1, a,              PROVIDER_RATE_LIMITED
            429 for 40 s, 2, 1, a/1 a/2,        PROVIDER_RATE_LIMITED
            429 for good, 1, 1, a,              PROVIDER_RATE_LIMITED
            429 for good, 3, 1, a/1 a/2 a/3,    PROVIDER_RATE_LIMITED
            429 for good, 1, 2, a b,            PROVIDER_RATE_LIMITED
            500,          1, 1, a a a,          PROVIDER_SERVER_ERROR
            500,          3, 1, a/1 a/1 a/1,    PROVIDER_SERVER_ERROR
            500,          1, 2, a b a,          PROVIDER_SERVER_ERROR
            500,          1, 4, a b c,          PROVIDER_SERVER_ERROR
            503,          1, 1, a a a,          PROVIDER_OVERLOADED
            503,          1, 2, a b a,          PROVIDER_OVERLOADED
            503 for 40 s, 1, 1, a,              PROVIDER_OVERLOADED
            529,          1, 2, a b a,          PROVIDER_OVERLOADED
            bad,          1, 1, a,              PROVIDER_BAD_RESPONSE
            bad,          1, 2, a b,            PROVIDER_BAD_RESPONSE
            400,          1, 2, a,              PROVIDER_REJECTED
            400,          3, 1, a/1,            PROVIDER_REJECTED
            too long,     1, 2, a,              PROVIDER_REJECTED
            policy,       1, 2, a,              PROVIDER_REJECTED
            """)
    void whatFailsIsTriedAgainWhereThatMayHelp(
            String failure, int credentials, int count, String asked, ErrorCode told) {
        CallFixture fixture = fixture();
        List.of("a", "b", "c", "d").subList(0, count).forEach(name -> {
            targets.always(name, FAILURES.get(failure));
            fixture.to(provider(name, credentials));
        });
        Call call = fixture.call();
        Refusal refusal = refusal(call);
        assertThat(refusal.code()).isEqualTo(told);
        assertThat(String.join(" ", targets.asked())).isEqualTo(asked);
        assertThat(call.account().attempts()).hasSize(targets.sent().size());
        assertThat(refusal.status()).isNotIn(401, 403);
    }

    @Test
    void eachWaitIsWaited() {
        targets.always("a", json(429, "{}", "retry-after: 7"));
        refusal(fixture().to(provider("a", 1)).call());
        assertThat(time.getAsLong()).isEqualTo(Duration.ofSeconds(14).toNanos());
    }

    @Test
    void aWaitThatDoesNotFitIsTheCallers() {
        targets.always("a", json(429, "{}", "retry-after: 7"));
        Duration second = Duration.ofSeconds(1);
        Refusal refusal = refusal(fixture()
                .to(provider("a", 1))
                .timeouts(second, second, second, Duration.ofSeconds(6))
                .call());
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(targets.sent()).hasSize(1);
        assertThat(time.getAsLong()).isZero();
    }

    @Test
    void aTargetThatIsWellAgainAnswers() {
        targets.then("a", json(503, "{}", "retry-after: 2")).always("a", json(200, WHOLE));
        Call call = fixture().to(provider("a", 1)).call();
        assertThat(outcomeOf(call)).isEqualTo(WHOLE);
        assertThat(time.getAsLong()).isEqualTo(Duration.ofSeconds(2).toNanos());
        assertThat(health.verdicts()).containsExactly(Verdict.Kind.OVERLOADED, Verdict.Kind.WELL);
        assertThat(events.words).containsExactly("retried: overloaded");
    }

    @Test
    void anotherCredentialAnswers() {
        targets.then("a", json(429, "{}", "retry-after: 60")).always("a", json(200, WHOLE));
        assertThat(outcomeOf(fixture().to(provider("a", 2)).call())).isEqualTo(WHOLE);
        assertThat(targets.asked()).containsExactly("a/1", "a/2");
        assertThat(health.verdicts()).containsExactly(Verdict.Kind.RATE_LIMITED, Verdict.Kind.WELL);
        assertThat(time.getAsLong()).isZero();
    }

    @Test
    void whenAllCredentialsAreUsedUpTheCallerIsToldSo() {
        targets.always("a", json(401, error("auth", "invalid_api_key", "Incorrect API key key-of-a")));
        Refusal refusal = refusal(fixture().to(provider("a", 2)).call());
        assertThat(refusal.status()).isEqualTo(502);
        assertThat(refusal.code().shortCode()).isEqualTo("upstream_auth");
        assertThat(refusal.message()).contains("other credentials", "used up").doesNotContain("key-of");
    }

    @Test
    void aKeyThatIsNotKnownAtOneModelIsNotShownAtAnother() {
        targets.always("a", json(401, "{}"));
        Call call = fixture()
                .to(new Candidate(provider("a", 1), "m-1"))
                .to(new Candidate(provider("a", 1), "m-2"))
                .call();
        refusal(call);
        assertThat(targets.sent()).hasSize(1);
    }

    @Test
    void anOverloadWithoutAWaitIsToldWithOne() {
        targets.always("a", json(503, "{}"));
        assertThat(refusal(fixture().to(provider("a", 1)).call()).retryAfter())
                .hasValueSatisfying(wait -> assertThat(wait).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void attemptsAreWhatTheModelAllows(int attempts) {
        targets.always("a", json(500, "{}"));
        refusal(fixture().to(provider("a", 1)).attempts(attempts).call());
        assertThat(targets.sent()).hasSize(attempts);
    }

    @Test
    void everyAttemptIsMadeOfWhatTheCallerSent() {
        String body = "{\"model\":\"smart\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":9}";
        targets.always("a", json(500, "{}")).always("b", json(200, WHOLE));
        outcomeOf(fixture().to(provider("a", 1), provider("b", 1)).body(body).call());
        exchange = new FakeExchange();
        outcomeOf(fixture().to(provider("b", 1)).body(body).call());
        assertThat(targets.asked()).containsExactly("a", "b", "b");
        assertThat(targets.sent().get(1).body()).isEqualTo(targets.sent().get(2).body());
        assertThat(targets.sent().get(0).body().replace("m-a", "m-b"))
                .isEqualTo(targets.sent().get(1).body());
    }

    // --- fast failures only

    @Test
    void slowFailuresAreToldAtOnceWhereOnlyFastOnesAreToBeMended() {
        targets.always("a", silence()).always("b", json(200, WHOLE));
        Call call = fixture()
                .to(provider("a", 1), provider("b", 1))
                .routing(routing(false, false, Duration.ofSeconds(2)))
                .call();
        assertThat(outcomeOf(call)).isEqualTo("provider_timeout");
        assertThat(targets.asked()).containsExactly("a");
    }

    @Test
    void fastFailuresAreMended() {
        targets.always("a", json(500, "{}")).always("b", json(200, WHOLE));
        Call call = fixture()
                .to(provider("a", 1), provider("b", 1))
                .routing(routing(false, false, Duration.ofSeconds(2)))
                .call();
        assertThat(outcomeOf(call)).isEqualTo(WHOLE);
    }

    // --- chains

    @Test
    void aCallThatIsTooLongGoesToItsChain() {
        targets.always("a", json(400, LONG)).always("b", json(200, WHOLE)).always("big", json(200, WHOLE));
        Call call = fixture()
                .to(provider("a", 1), provider("b", 1))
                .tooLong(provider("big", 1))
                .call();
        assertThat(outcomeOf(call)).isEqualTo(WHOLE);
        assertThat(targets.asked()).containsExactly("a", "big");
        assertThat(events.words).containsExactly("fell back: CONTEXT_WINDOW");
        assertThat(exchange.answerHeader("x-tollgate-fallback")).contains("context-window");
        assertThat(health.verdicts()).containsOnly(Verdict.Kind.WELL);
    }

    @Test
    void aChainIsTriedThoughTheAttemptsAreUsedUp() {
        targets.always("a", json(400, LONG)).always("big", json(200, WHOLE));
        Call call = fixture()
                .to(provider("a", 1))
                .tooLong(provider("big", 1))
                .attempts(1)
                .call();
        assertThat(outcomeOf(call)).isEqualTo(WHOLE);
    }

    @Test
    void aChainLeadsToNobodyTwice() {
        targets.always("a", json(400, LONG)).always("big", json(400, LONG));
        Call call = fixture()
                .to(provider("a", 1))
                .tooLong(provider("a", 1), provider("big", 1))
                .call();
        assertThat(outcomeOf(call)).isEqualTo("provider_rejected");
        assertThat(targets.asked()).containsExactly("a", "big");
    }

    @Test
    void aCallThatIsObjectedToGoesToItsChain() {
        targets.always("a", json(400, POLICY)).always("free", json(200, WHOLE));
        Call call = fixture()
                .to(provider("a", 1), provider("b", 1))
                .objectionable(provider("free", 1))
                .call();
        assertThat(outcomeOf(call)).isEqualTo(WHOLE);
        assertThat(targets.asked()).containsExactly("a", "free");
        assertThat(exchange.answerHeader("x-tollgate-fallback")).contains("content-policy");
    }

    @ParameterizedTest
    @CsvSource({"999, a", "1000, a big"})
    void aChainThatCostsMoreReservesMoreOrIsNotAsked(long budget, String asked) {
        targets.always("a", json(400, LONG)).always("big", json(200, WHOLE));
        CallFixture fixture = fixture()
                .to(provider("a", 1))
                .tooLong(provider("big", 1))
                .prices(new TargetPrices(Map.of("a/m-a", 10L, "big/m-big", 1_000L)));
        fixture.limits().budget(budget);
        outcomeOf(fixture.call());
        assertThat(String.join(" ", targets.asked())).isEqualTo(asked);
    }

    // --- what callers may say

    @ParameterizedTest
    @CsvSource({
        "x-tollgate-attempts, 1, a",
        "x-tollgate-attempts, 2, a b",
        "x-tollgate-attempts, 99, a b a",
        "x-tollgate-fallback, off, a a a",
        "x-tollgate-fallback, ON, a b a",
        "x-tollgate-hedge, off, a b a",
    })
    void callersMayAskForLess(String header, String value, String asked) {
        targets.always("a", json(500, "{}")).always("b", json(500, "{}"));
        CallFixture fixture = saying(header, value).to(provider("a", 1), provider("b", 1));
        refusal(fixture.routing(routing(false, true, Duration.ZERO)).call());
        assertThat(String.join(" ", targets.asked())).isEqualTo(asked);
    }

    @Test
    void callersMayHaveLessTime() {
        targets.always("a", silence());
        Refusal refusal = refusal(saying("x-tollgate-timeout-ms", "1500")
                .to(provider("a", 1))
                .routing(routing(false, true, Duration.ZERO))
                .call());
        assertThat(refusal.code()).isEqualTo(ErrorCode.PROVIDER_TIMEOUT);
        assertThat(refusal.message()).contains("1500 ms");
        assertThat(time.getAsLong()).isEqualTo(Duration.ofMillis(1500).toNanos());
    }

    @Test
    void aTargetIsNotBlamedForTheLittleTimeThatACallerGives() {
        targets.always("a", silence());
        refusal(saying("x-tollgate-timeout-ms", "1500")
                .to(provider("a", 1))
                .routing(routing(false, true, Duration.ZERO))
                .call());
        assertThat(health.verdicts()).containsExactly(Verdict.Kind.NOTHING);
    }

    @Test
    void aTargetIsNotBlamedForAnAnswerThatIsLongerThanItsCallerWaits() {
        CompletableFuture<Void> outcome = begin(saying("x-tollgate-timeout-ms", "4500")
                .to(provider("a", 1))
                .routing(routing(false, true, Duration.ZERO))
                .streamed()
                .call());
        targets.sent().get(0).head(200, "text/event-stream").data("data: " + ForwardingBase.delta("hello") + "\n\n");
        assertThat(outcomeOf(outcome)).isEqualTo(ErrorCode.PROVIDER_STREAM_INTERRUPTED.id());
        assertThat(health.verdicts()).containsExactly(Verdict.Kind.NOTHING);
    }

    @Test
    void aTargetIsNotBlamedForTheLittleTimeThatOthersHaveLeftIt() {
        targets.always("a", silence()).always("b", silence());
        Duration second = Duration.ofSeconds(1);
        refusal(fixture()
                .to(provider("a", 1), provider("b", 1))
                .timeouts(second, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(6))
                .call());
        assertThat(targets.asked()).containsExactly("a", "b");
        assertThat(health.verdicts()).containsExactly(Verdict.Kind.TIMEOUT, Verdict.Kind.NOTHING);
    }

    @Test
    void aTargetIsBlamedForTheWholeTimeOfItsModel() {
        targets.always("a", silence());
        Duration second = Duration.ofSeconds(1);
        refusal(fixture()
                .to(provider("a", 1))
                .timeouts(second, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(3))
                .call());
        assertThat(health.verdicts()).containsExactly(Verdict.Kind.TIMEOUT);
    }

    @Test
    void callersMayNotHaveMoreTime() {
        targets.always("a", silence());
        refusal(saying("x-tollgate-timeout-ms", "900000")
                .to(provider("a", 1))
                .routing(routing(false, true, Duration.ZERO))
                .call());
        assertThat(time.getAsLong()).isEqualTo(Duration.ofSeconds(5).toNanos());
    }

    @Test
    void callersWhoMayNotSayAnythingAreNotHeard() {
        targets.always("a", json(500, "{}"));
        refusal(saying("x-tollgate-attempts", "nonsense").to(provider("a", 1)).call());
        assertThat(targets.sent()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "x-tollgate-attempts, 0",
        "x-tollgate-attempts, -1",
        "x-tollgate-attempts, two",
        "x-tollgate-attempts, 9999999999",
        "x-tollgate-timeout-ms, 1.5",
        "x-tollgate-fallback, no",
        "x-tollgate-hedge, maybe",
    })
    void whatCannotBeUnderstoodIsRefusedByName(String header, String value) {
        Call call = saying(header, value)
                .to(provider("a", 1))
                .routing(routing(false, true, Duration.ZERO))
                .call();
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> forwarder.send(call));
        assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_BAD_REQUEST);
        assertThat(refusal.message()).contains(header);
        assertThat(targets.sent()).isEmpty();
        CompletableFuture<Void> unused = call.account().close(400, refusal.code());
    }

    // --- budgets of retries

    @Test
    void whenTooMuchIsTriedAgainFailuresAreToldAtOnce() {
        targets.always("a", json(500, "{}"));
        for (int i = 0; i < 100; i++) {
            exchange = new FakeExchange();
            refusal(fixture().to(provider("a", 1)).call());
        }
        assertThat(targets.sent().size()).isBetween(110, 120);
        assertThat(events.words).contains("refused: TENANT");
    }

    @Test
    void chainsAreNotKeptByIt() {
        targets.always("a", json(400, LONG)).always("big", json(200, WHOLE));
        for (int i = 0; i < 50; i++) {
            exchange = new FakeExchange();
            assertThat(outcomeOf(fixture()
                            .to(provider("a", 1))
                            .tooLong(provider("big", 1))
                            .call()))
                    .isEqualTo(WHOLE);
        }
    }

    // --- targets that are not to be asked

    @Test
    void aTargetThatIsLetBeIsPassedOver() {
        health.open("a/m-a");
        targets.always("b", json(200, WHOLE));
        assertThat(outcomeOf(fixture().to(provider("a", 1), provider("b", 1)).call()))
                .isEqualTo(WHOLE);
        assertThat(targets.asked()).containsExactly("b");
    }

    @Test
    void theLastOneStandingIsAskedAllTheSame() {
        health.open("a/m-a").open("b/m-b");
        targets.always("a", json(200, WHOLE));
        assertThat(outcomeOf(fixture().to(provider("a", 1), provider("b", 1)).call()))
                .isEqualTo(WHOLE);
    }

    @Test
    void whatProvidersHaveAskedToBeLetBeIsRefusedWithTheShortestWait() {
        health.cooling("a/m-a", Duration.ofSeconds(20)).cooling("b/m-b", Duration.ofSeconds(9));
        Refusal refusal =
                refusal(fixture().to(provider("a", 1), provider("b", 1)).call());
        assertThat(refusal.code()).isEqualTo(ErrorCode.PROVIDER_RATE_LIMITED);
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(9));
        assertThat(targets.sent()).isEmpty();
        assertThat(time.getAsLong()).isZero();
    }

    @Test
    void aShortWaitIsWaited() {
        health.cooling("a/m-a", Duration.ofMillis(1500));
        targets.always("a", json(200, WHOLE));
        CompletableFuture<Void> outcome = begin(fixture().to(provider("a", 1)).call());
        health.well("a/m-a");
        assertThat(outcomeOf(outcome)).isEqualTo(WHOLE);
        assertThat(time.getAsLong()).isEqualTo(Duration.ofMillis(1500).toNanos());
    }

    @Test
    void itIsWaitedOnceOnly() {
        health.cooling("a/m-a", Duration.ofMillis(1500));
        assertThat(outcomeOf(fixture().to(provider("a", 1)).call())).isEqualTo("provider_rate_limited");
        assertThat(time.getAsLong()).isEqualTo(Duration.ofMillis(1500).toNanos());
    }

    @Test
    void aFullTargetIsPassedOver() {
        load.full("a/m-a");
        targets.always("b", json(200, WHOLE));
        assertThat(outcomeOf(fixture().to(provider("a", 1), provider("b", 1)).call()))
                .isEqualTo(WHOLE);
        assertThat(targets.asked()).containsExactly("b");
        assertThat(health.verdicts()).containsExactly(Verdict.Kind.NOTHING, Verdict.Kind.WELL);
        assertThat(load.refused()).isZero();
    }

    @Test
    void whenAllAreFullTheCallIsRefusedWithAWait() {
        load.full("a/m-a").full("b/m-b");
        Refusal refusal =
                refusal(fixture().to(provider("a", 1), provider("b", 1)).call());
        assertThat(refusal.code()).isEqualTo(ErrorCode.GATEWAY_OVERLOADED);
        assertThat(refusal.retryAfter()).isPresent();
        assertThat(load.refused()).isEqualTo(1);
    }

    @Test
    void aProviderWhoseLimitsAreUsedUpIsPassedOverAndLetGo() {
        targets.always("b", json(200, WHOLE));
        CallFixture fixture = fixture().to(provider("a", 1), provider("b", 1));
        fixture.limits().spent("a");
        assertThat(outcomeOf(fixture.call())).isEqualTo(WHOLE);
        assertThat(health.verdicts()).containsExactly(Verdict.Kind.NOTHING, Verdict.Kind.WELL);
    }

    // --- callers who leave

    @Test
    void aCallerWhoLeavesSaysNothingAboutTheTarget() {
        Call call = fixture().to(provider("a", 1)).call();
        CompletableFuture<Void> outcome = begin(call);
        exchange.leave(true);
        assertThat(outcomeOf(outcome)).isEqualTo("caller_cancelled");
        assertThat(targets.sent().get(0).isAborted()).isTrue();
        assertThat(health.verdicts()).containsExactly(Verdict.Kind.NOTHING);
    }

    @Test
    void aCallerWhoLeavesInAWaitEndsIt() {
        targets.always("a", json(429, "{}", "retry-after: 7"));
        CompletableFuture<Void> outcome = begin(fixture().to(provider("a", 1)).call());
        assertThat(outcome).isNotDone();
        exchange.leave(true);
        assertThat(outcome).isDone();
        assertThat(outcomeOf(outcome)).isEqualTo("caller_cancelled");
        assertThat(targets.sent()).hasSize(1);
    }

    // --- streams

    @Test
    void aStreamHoldsItsTargetUntilItEnds() {
        Call call = fixture().to(provider("a", 1)).streamed().call();
        CompletableFuture<Void> outcome = begin(call);
        targets.sent().get(0).head(200, "text/event-stream").data(event(ForwardingBase.delta("hello")));
        assertThat(health.trials().get(0).hasContent()).isTrue();
        assertThat(health.trials().get(0).verdict()).isNull();
        assertThat(load.isEven()).isFalse();
        targets.sent()
                .get(0)
                .data(event(ForwardingBase.STOP) + event(ForwardingBase.USAGE) + "data: [DONE]\n\n")
                .end();
        assertThat(outcome).isCompleted();
        assertThat(health.verdicts()).containsExactly(Verdict.Kind.WELL);
    }

    @Test
    void aStreamThatBreaksCountsAgainstItsTarget() {
        Call call = fixture().to(provider("a", 1)).streamed().call();
        CompletableFuture<Void> outcome = begin(call);
        targets.sent()
                .get(0)
                .head(200, "text/event-stream")
                .data(event(ForwardingBase.delta("hello")))
                .fail(UpstreamFailure.Kind.BROKEN);
        assertThat(outcomeOf(outcome)).isEqualTo("provider_stream_interrupted");
        assertThat(health.verdicts()).containsExactly(Verdict.Kind.INTERRUPTED);
    }

    @Test
    void anErrorInThePlaceOfContentGoesToTheChainToo() {
        targets.always(
                        "a",
                        sent -> sent.head(200, "text/event-stream")
                                .data(event(LONG))
                                .end())
                .always(
                        "big",
                        sent -> sent.head(200, "text/event-stream")
                                .data(event(ForwardingBase.delta("hello")) + event(ForwardingBase.STOP)
                                        + "data: [DONE]\n\n")
                                .end());
        Call call = fixture()
                .to(provider("a", 1))
                .tooLong(provider("big", 1))
                .streamed()
                .call();
        assertThat(outcomeOf(call)).contains("hello");
        assertThat(targets.asked()).containsExactly("a", "big");
    }

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }

    // --- what is written down

    @Test
    void eachAttemptHasARowOfItsOwn() {
        targets.always("a", json(503, "{}")).always("b", json(200, WHOLE));
        Call call = fixture().to(provider("a", 1), provider("b", 1)).call();
        outcomeOf(call);
        assertThat(call.account().attempts())
                .extracting(CallRecord.Attempt::error)
                .containsExactly(ErrorCode.PROVIDER_OVERLOADED, null);
        assertThat(Stream.of("x-tollgate-attempts", "x-tollgate-target")
                        .map(name -> exchange.answerHeader(name).orElse("")))
                .containsExactly("2", "b/m-b");
    }
}
