package dev.tollgate.forward;

import static dev.tollgate.testing.FakeTargets.json;
import static dev.tollgate.testing.FakeTargets.provider;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Call;
import dev.tollgate.CallFixture;
import dev.tollgate.ErrorCode;
import dev.tollgate.health.Verdict;
import dev.tollgate.ledger.Entry;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.testing.FakeTargets.Sent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HedgingTest extends TriesBase {
    private static final Duration SLOW = Duration.ofSeconds(1);
    private static final String TEXT = "data: " + ForwardingBase.delta("hello") + "\n\n";
    private static final String END =
            "data: " + ForwardingBase.STOP + "\n\ndata: " + ForwardingBase.USAGE + "\n\ndata: [DONE]\n\n";

    @BeforeEach
    void targetsAreKnownToBeFast() {
        health.slow("a/m-a", SLOW);
        for (int i = 0; i < 20; i++) {
            retries.hedges().called();
        }
    }

    private CallFixture hedged() {
        return fixture().to(provider("a", 1), provider("b", 1)).routing(routing(true, true, Duration.ZERO));
    }

    private void pass(Duration span) {
        timers.pass(span.toNanos());
    }

    private Sent sent(int number) {
        return targets.sent().get(number);
    }

    @Test
    void aSecondTargetIsAskedWhenTheFirstIsSlowAndItsAnswerCountsIfItIsFirst() {
        Call call = hedged().call();
        CompletableFuture<Void> outcome = begin(call);
        pass(SLOW.minusMillis(1));
        assertThat(targets.asked()).containsExactly("a");
        pass(Duration.ofMillis(1));
        assertThat(targets.asked()).containsExactly("a", "b");
        sent(1).json(200, WHOLE);
        assertThat(outcomeOf(outcome)).isEqualTo(WHOLE);
        assertThat(sent(0).isAborted()).isTrue();
        assertThat(exchange.answerHeader("x-tollgate-target")).contains("b/m-b");
        assertThat(events.words).containsExactly("hedge: WON");
        assertThat(health.verdicts()).containsExactly(Verdict.Kind.NOTHING, Verdict.Kind.WELL);
    }

    @Test
    void theLoserHasARowOfItsOwnAndIsChargedWhatItMayHaveCost() {
        Call call = hedged().call();
        CompletableFuture<Void> outcome = begin(call);
        pass(SLOW);
        sent(1).json(200, WHOLE);
        assertThat(outcomeOf(outcome)).isEqualTo(WHOLE);
        assertThat(call.account().attempts())
                .extracting(CallRecord.Attempt::error)
                .containsExactly(ErrorCode.GATEWAY_HEDGE_LOST, null);
        CallRecord.Attempt lost = call.account().attempts().get(0);
        assertThat(lost.target()).isEqualTo("a/m-a");
        assertThat(lost.estimated()).isTrue();
        assertThat(lost.costNanoUsd().orElse(0)).isPositive();
        assertThat(ledger.rows(Entry.Ended.class)).hasSize(2);
        assertThat(ledger.rows(Entry.Called.class)).hasSize(1);
        assertThat(call.account().waitedNanos()).isEqualTo(SLOW.toNanos());
    }

    @Test
    void theFirstMayStillBeFirst() {
        CompletableFuture<Void> outcome = begin(hedged().call());
        pass(SLOW);
        sent(0).json(200, WHOLE);
        assertThat(outcomeOf(outcome)).isEqualTo(WHOLE);
        assertThat(sent(1).isAborted()).isTrue();
        assertThat(exchange.answerHeader("x-tollgate-target")).contains("a/m-a");
        assertThat(events.words).containsExactly("hedge: LOST");
        assertThat(health.verdicts()).containsExactly(Verdict.Kind.WELL, Verdict.Kind.NOTHING);
    }

    @Test
    void aHedgeThatFailsLeavesTheFirstAlone() {
        CompletableFuture<Void> outcome = begin(hedged().call());
        pass(SLOW);
        sent(1).json(500, "{}");
        assertThat(outcome).isNotDone();
        assertThat(targets.sent()).hasSize(2);
        sent(0).json(200, WHOLE);
        assertThat(outcomeOf(outcome)).isEqualTo(WHOLE);
        assertThat(events.words).containsExactly("hedge: FAILED");
    }

    @Test
    void whenTheFirstFailsTheHedgeGoesOn() {
        CompletableFuture<Void> outcome = begin(hedged().call());
        pass(SLOW);
        sent(0).json(500, "{}");
        assertThat(targets.sent()).hasSize(2);
        sent(1).json(200, WHOLE);
        assertThat(outcomeOf(outcome)).isEqualTo(WHOLE);
        assertThat(events.words).containsExactly("hedge: WON");
    }

    @Test
    void whenBothFailTheCallIsTriedOnceMore() {
        targets.always("c", json(200, WHOLE));
        CompletableFuture<Void> outcome = begin(hedged().to(provider("c", 1)).call());
        pass(SLOW);
        sent(0).json(500, "{}");
        sent(1).json(500, "{}");
        assertThat(outcomeOf(outcome)).isEqualTo(WHOLE);
        assertThat(targets.asked()).containsExactly("a", "b", "c");
    }

    @Test
    void aRequestThatIsAtFaultEndsBoth() {
        CompletableFuture<Void> outcome = begin(hedged().call());
        pass(SLOW);
        sent(1).json(400, "{}");
        assertThat(outcomeOf(outcome)).isEqualTo("provider_rejected");
        assertThat(sent(0).isAborted()).isTrue();
    }

    @Test
    void aCallerWhoLeavesEndsBoth() {
        CompletableFuture<Void> outcome = begin(hedged().call());
        pass(SLOW);
        exchange.leave(true);
        assertThat(outcomeOf(outcome)).isEqualTo("caller_cancelled");
        assertThat(targets.underWay()).isZero();
        assertThat(health.verdicts()).containsExactly(Verdict.Kind.NOTHING, Verdict.Kind.NOTHING);
    }

    @Test
    void theFirstStreamWithContentIsTheCallers() {
        CompletableFuture<Void> outcome = begin(hedged().streamed().call());
        sent(0).head(200, "text/event-stream").data("data: " + ForwardingBase.ROLE + "\n\n");
        pass(SLOW);
        assertThat(targets.asked()).containsExactly("a", "b");
        sent(1).head(200, "text/event-stream").data(TEXT);
        assertThat(sent(0).isAborted()).isTrue();
        sent(1).data(END).end();
        assertThat(outcomeOf(outcome)).contains("hello").contains("[DONE]");
        assertThat(exchange.text().split("hello", -1)).hasSize(2);
        assertThat(events.words).containsExactly("hedge: WON");
    }

    @Test
    void aStreamThatHasShownContentIsNotHedged() {
        CompletableFuture<Void> outcome = begin(hedged().streamed().call());
        sent(0).head(200, "text/event-stream").data(TEXT);
        pass(SLOW.multipliedBy(2));
        assertThat(targets.sent()).hasSize(1);
        sent(0).data(END).end();
        assertThat(outcomeOf(outcome)).contains("[DONE]");
    }

    @Test
    void anAnswerThatHasBegunIsNotHedged() {
        CompletableFuture<Void> outcome = begin(hedged().call());
        sent(0).head(200, "application/json");
        pass(SLOW.multipliedBy(2));
        assertThat(targets.sent()).hasSize(1);
        sent(0).data(WHOLE).end();
        assertThat(outcomeOf(outcome)).isEqualTo(WHOLE);
    }

    @Test
    void aTargetOfWhichNothingIsKnownIsNotHedged() {
        health.well("a/m-a");
        expectNoHedge(hedged());
    }

    @Test
    void aModelThatDoesNotAskForItIsNotHedged() {
        expectNoHedge(hedged().routing(routing(false, true, Duration.ZERO)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-tollgate-hedge", "x-tollgate-fallback"})
    void aCallerMayForbidIt(String header) {
        expectNoHedge(saying(header, "off")
                .to(provider("a", 1), provider("b", 1))
                .routing(routing(true, true, Duration.ZERO)));
    }

    @Test
    void whatIsStoredIsNotHedged() {
        expectNoHedge(hedged().body("{\"model\":\"smart\",\"store\":true,\"messages\":[]}"));
    }

    @Test
    void aTargetThatIsAloneIsNotHedged() {
        expectNoHedge(fixture().to(provider("a", 2)).routing(routing(true, true, Duration.ZERO)));
    }

    private void expectNoHedge(CallFixture fixture) {
        CompletableFuture<Void> outcome = begin(fixture.call());
        pass(SLOW.multipliedBy(3));
        assertThat(targets.sent()).hasSize(1);
        sent(0).json(200, WHOLE);
        assertThat(outcomeOf(outcome)).isEqualTo(WHOLE);
    }

    @Test
    void oneCallOfTwentyIsHedgedAndNoMore() {
        for (int i = 0; i < 100; i++) {
            int before = targets.sent().size();
            exchange = new dev.tollgate.testing.FakeExchange();
            CompletableFuture<Void> outcome = begin(hedged().call());
            pass(SLOW);
            sent(before).json(200, WHOLE);
            assertThat(outcomeOf(outcome)).isEqualTo(WHOLE);
        }
        assertThat(targets.sent()).hasSize(100 + (20 + 100) / 20);
        assertThat(events.words.stream().filter("hedge: REFUSED"::equals)).hasSize(100 - 6);
    }

    @Test
    void theLimitsOfTheCallCoverBoth() {
        CallFixture fixture = hedged();
        CompletableFuture<Void> outcome = begin(fixture.call());
        long alone = fixture.limits().reserved();
        pass(SLOW);
        assertThat(fixture.limits().reserved()).isEqualTo(2 * alone);
        assertThat(fixture.limits().attempts()).hasSize(2);
        sent(1).json(200, WHOLE);
        assertThat(outcomeOf(outcome)).isEqualTo(WHOLE);
    }

    @Test
    void aBudgetWithoutMoneyForBothIsLeftAlone() {
        CallFixture fixture = hedged();
        Call call = fixture.call();
        fixture.limits().budget(fixture.limits().reserved() * 3 / 2);
        CompletableFuture<Void> outcome = begin(call);
        pass(SLOW);
        assertThat(targets.sent()).hasSize(1);
        assertThat(events.words).containsExactly("hedge: REFUSED");
        sent(0).json(200, WHOLE);
        assertThat(outcomeOf(outcome)).isEqualTo(WHOLE);
    }

    @Test
    void aCallThatIsAnsweredWhileItsHedgeIsBeingReservedIsNotHedged() {
        CallFixture fixture = hedged();
        CompletableFuture<Void> outcome = begin(fixture.call());
        fixture.limits().decideLater();
        pass(SLOW);
        assertThat(targets.sent()).hasSize(1);
        sent(0).json(200, WHOLE);
        assertThat(outcomeOf(outcome)).isEqualTo(WHOLE);
        fixture.limits().decide();
        assertThat(targets.sent()).hasSize(1);
    }

    @Test
    void aCallThatFailsWhileItsHedgeIsBeingReservedGoesOnWithIt() {
        CallFixture fixture = hedged();
        CompletableFuture<Void> outcome = begin(fixture.call());
        fixture.limits().decideLater();
        pass(SLOW);
        sent(0).json(500, "{}");
        fixture.limits().decide();
        assertThat(targets.asked()).containsExactly("a", "b");
        sent(1).json(200, WHOLE);
        assertThat(outcomeOf(outcome)).isEqualTo(WHOLE);
    }
}
