package dev.tollgate.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Header;
import dev.tollgate.health.Standing.Condition;
import dev.tollgate.health.Verdict.Kind;
import dev.tollgate.provider.Handling.Circuit;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.route.Candidate;
import dev.tollgate.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LocalHealthTest {
    private final ManualTime time = new ManualTime(-7);
    private final LocalHealth health = new LocalHealth(time, time, HealthEvents.NONE);
    private final Place openai = Place.of("openai");
    private final Candidate target = openai.model("gpt");

    private Trial begin(Candidate candidate, NamedCredential credential, boolean last) {
        return health.begin(candidate, credential, last).orElseThrow();
    }

    private void end(Candidate candidate, Verdict verdict) {
        end(candidate, candidate.provider().credentials().get(0), verdict);
    }

    private void end(Candidate candidate, NamedCredential credential, Verdict verdict) {
        begin(candidate, credential, true).ended(verdict);
    }

    private void answer(Candidate candidate) {
        Trial trial = begin(candidate, candidate.provider().credentials().get(0), true);
        trial.firstContent();
        trial.ended(Verdict.of(Kind.WELL));
    }

    private void open(Candidate candidate) {
        for (int i = 0; i < 5; i++) {
            end(candidate, Verdict.of(Kind.SERVER_ERROR));
        }
        assertThat(health.standing(candidate).condition()).isEqualTo(Condition.OPEN);
    }

    private boolean isAsked(Candidate candidate, boolean last) {
        Optional<Trial> trial =
                health.begin(candidate, candidate.provider().credentials().get(0), last);
        trial.ifPresent(begun -> begun.ended(Verdict.of(Kind.NOTHING)));
        return trial.isPresent();
    }

    private static Verdict retryAfter(Kind kind, int seconds) {
        return new Verdict(kind, Optional.of(Duration.ofSeconds(seconds)));
    }

    @Test
    void aTargetThatNobodyKnowsIsWell() {
        assertThat(health.standing(target)).isEqualTo(Standing.UNKNOWN);
        assertThat(health.targets()).isZero();
    }

    /** What each verdict does when it comes once, and when it comes five times in a row. */
    @ParameterizedTest
    @CsvSource({
        "WELL, WELL, WELL",
        "UNREACHABLE, WELL, OPEN",
        "TIMEOUT, WELL, OPEN",
        "SERVER_ERROR, WELL, OPEN",
        "OVERLOADED, WELL, OPEN",
        "BAD_ANSWER, WELL, OPEN",
        "INTERRUPTED, WELL, OPEN",
        "RATE_LIMITED, COOLING, COOLING",
        "SPENT, SPENT, SPENT",
        "UNAUTHORIZED, COOLING, COOLING",
        "NOTHING, WELL, WELL"
    })
    void eachVerdictHasItsEffect(Kind kind, Condition once, Condition fiveTimes) {
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            trials.add(begin(target, openai.credential(), false));
        }
        trials.get(0).ended(Verdict.of(kind));
        assertThat(health.standing(target).condition()).isEqualTo(once);
        trials.forEach(trial -> trial.ended(Verdict.of(kind)));
        assertThat(health.standing(target).condition()).isEqualTo(fiveTimes);
        assertThat(health.standing(target).isUsable()).isEqualTo(isAsked(target, false));
        assertThat(health.standing(target).inFlight()).isZero();
        assertThat(health.credentials(target, false).isEmpty()).isNotEqualTo(isAsked(target, false));
    }

    @Test
    void anAttemptThatEndsTwiceIsCountedOnce() {
        Trial one = begin(target, openai.credential(), false);
        Trial other = begin(target, openai.credential(), false);
        assertThat(health.standing(target).inFlight()).isEqualTo(2);
        one.ended(Verdict.of(Kind.WELL));
        one.ended(Verdict.of(Kind.RATE_LIMITED));
        one.firstContent();
        one.heard(200, List.of(new Header("x-ratelimit-remaining-requests", "0")));
        assertThat(health.standing(target).inFlight()).isEqualTo(1);
        assertThat(health.standing(target).condition()).isEqualTo(Condition.WELL);
        other.ended(Verdict.of(Kind.NOTHING));
        assertThat(health.standing(target).inFlight()).isZero();
    }

    // --- circuits

    @Test
    void aCircuitIsTriedAgainByThreeAndClosedByTheirAnswers() {
        open(target);
        assertThat(health.standing(target).left()).contains(Duration.ofSeconds(30));
        time.pass(Duration.ofSeconds(29));
        assertThat(isAsked(target, false)).isFalse();
        time.pass(Duration.ofMillis(1_001));
        assertThat(health.standing(target).condition()).isEqualTo(Condition.PROBING);

        List<Trial> probes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            probes.add(begin(target, openai.credential(), false));
        }
        assertThat(isAsked(target, false)).isFalse();
        probes.forEach(probe -> probe.ended(Verdict.of(Kind.WELL)));
        assertThat(health.standing(target).condition()).isEqualTo(Condition.WELL);
    }

    @Test
    void aProbeThatSaysNothingMakesRoomForAnother() {
        open(target);
        time.pass(Duration.ofSeconds(31));
        for (int i = 0; i < 10; i++) {
            assertThat(isAsked(target, false)).isTrue();
        }
        assertThat(health.standing(target).condition()).isEqualTo(Condition.PROBING);
    }

    @Test
    void aProbeIsCountedWhenItsFirstContentComesHoweverLongItsStreamLasts() {
        open(target);
        time.pass(Duration.ofSeconds(31));
        for (int i = 0; i < 3; i++) {
            begin(target, openai.credential(), false).firstContent();
        }
        assertThat(health.standing(target).condition()).isEqualTo(Condition.WELL);
        assertThat(health.standing(target).inFlight()).isEqualTo(3);
    }

    @Test
    void eachTimeItFailsAgainItIsLetBeForLonger() {
        open(target);
        for (int times = 2; times <= 12; times++) {
            time.pass(health.standing(target).left().orElseThrow().plusMillis(1));
            begin(target, openai.credential(), false).ended(Verdict.of(Kind.TIMEOUT));
            assertThat(health.standing(target).left()).contains(Duration.ofSeconds(30L * Math.min(10, times)));
        }
    }

    @Test
    void whoIsAloneIsAskedThoughItsCircuitIsOpenAndItsAnswersCloseIt() {
        open(target);
        assertThat(isAsked(target, false)).isFalse();
        for (int i = 0; i < 3; i++) {
            assertThat(health.standing(target).isUsable()).isEqualTo(i > 0);
            answer(target);
        }
        assertThat(health.standing(target).condition()).isEqualTo(Condition.WELL);
    }

    @Test
    void callsThatBeganBeforeItOpenedSayNothingOfHowItIsNow() {
        List<Trial> late = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            late.add(begin(target, openai.credential(), false));
        }
        open(target);
        late.subList(0, 5).forEach(trial -> trial.ended(Verdict.of(Kind.WELL)));
        assertThat(health.standing(target).condition()).isEqualTo(Condition.OPEN);
        for (int i = 0; i < 3; i++) {
            answer(target);
        }
        late.forEach(trial -> trial.ended(Verdict.of(Kind.TIMEOUT)));
        assertThat(health.standing(target).condition()).isEqualTo(Condition.WELL);
    }

    @Test
    void halfOfTheLastCallsFailingOpensItToo() {
        for (int i = 0; i < 20; i++) {
            answer(target);
        }
        for (int i = 0; i < 9; i++) {
            end(target, Verdict.of(Kind.SERVER_ERROR));
            answer(target);
        }
        assertThat(health.standing(target).condition()).isEqualTo(Condition.WELL);
        end(target, Verdict.of(Kind.SERVER_ERROR));
        assertThat(health.standing(target).condition()).isEqualTo(Condition.OPEN);
    }

    @Test
    void callsThatAreSlowToTheirFirstTokenOpenItWhereThatIsWanted() {
        Circuit slow = new Circuit(true, 5, 50, Duration.ofSeconds(2), 80, Duration.ofSeconds(30), Duration.ZERO);
        for (Candidate candidate : List.of(target, Place.of("slow").on(slow).model("gpt"))) {
            for (int i = 0; i < 5; i++) {
                Trial trial =
                        begin(candidate, candidate.provider().credentials().get(0), false);
                time.pass(Duration.ofSeconds(3));
                trial.firstContent();
                trial.ended(Verdict.of(Kind.WELL));
            }
        }
        assertThat(health.standing(target).condition()).isEqualTo(Condition.WELL);
        assertThat(health.standing(Place.of("slow").on(slow).model("gpt")).condition())
                .isEqualTo(Condition.OPEN);
    }

    @Test
    void aCircuitThatIsOffNeverOpens() {
        Circuit off = new Circuit(false, 1, 1, Duration.ZERO, 80, Duration.ofSeconds(30), Duration.ZERO);
        Candidate candidate = openai.on(off).model("gpt");
        for (int i = 0; i < 50; i++) {
            end(candidate, Verdict.of(Kind.UNREACHABLE));
        }
        assertThat(health.standing(candidate).condition()).isEqualTo(Condition.WELL);
    }

    @Test
    void otherTermsAndAnotherAddressBeginAnew() {
        open(target);
        Circuit other = new Circuit(true, 6, 50, Duration.ZERO, 80, Duration.ofSeconds(30), Duration.ZERO);
        assertThat(isAsked(openai.on(other).model("gpt"), false)).isTrue();
        open(openai.on(other).model("gpt"), 6);
        assertThat(isAsked(openai.on(other).at("http://elsewhere.test").model("gpt"), false))
                .isTrue();
    }

    private void open(Candidate candidate, int failures) {
        for (int i = 0; i < failures; i++) {
            end(candidate, Verdict.of(Kind.BAD_ANSWER));
        }
        assertThat(health.standing(candidate).condition()).isEqualTo(Condition.OPEN);
    }

    @Test
    void aHostThatCannotBeReachedIsLetBeWithAllItsModels() {
        for (int i = 0; i < 5; i++) {
            end(openai.model("m" + i), Verdict.of(Kind.UNREACHABLE));
        }
        assertThat(health.standing(openai.model("m0")).condition()).isEqualTo(Condition.OPEN);
        assertThat(health.standing(openai.model("never-asked")).condition()).isEqualTo(Condition.OPEN);
        assertThat(isAsked(openai.model("never-asked"), false)).isFalse();
        assertThat(health.standing(Place.of("other").model("m0")).isUsable()).isTrue();

        answer(openai.model("m1"));
        assertThat(health.standing(openai.model("m0")).condition()).isEqualTo(Condition.PROBING);
        answer(openai.model("m2"));
        answer(openai.model("m3"));
        assertThat(health.standing(openai.model("m0")).condition()).isEqualTo(Condition.WELL);
    }

    @Test
    void whatOneModelFailsWithIsNotHeldAgainstTheOthers() {
        open(target);
        assertThat(health.standing(openai.model("other")).condition()).isEqualTo(Condition.WELL);
    }

    @Test
    void itsShareGrowsAfterItsCircuitWasClosed() {
        open(target);
        for (int i = 0; i < 3; i++) {
            answer(target);
        }
        assertThat(health.standing(target).share()).isEqualTo(0.1);
        time.pass(Duration.ofSeconds(5));
        assertThat(health.standing(target).share()).isBetween(0.54, 0.56);
        time.pass(Duration.ofSeconds(5));
        assertThat(health.standing(target).share()).isEqualTo(1);
    }

    // --- credentials

    @Test
    void aRateLimitedCredentialIsLetBeAtThatTargetAndTheOtherOneTaken() {
        Place two = openai.pool("a", "b");
        end(two.model("gpt"), two.pool().get(0), retryAfter(Kind.RATE_LIMITED, 20));
        assertThat(health.credentials(two.model("gpt"), false))
                .extracting(NamedCredential::name)
                .containsExactly("b");
        assertThat(health.credentials(two.model("gpt"), true))
                .extracting(NamedCredential::name)
                .containsExactly("b", "a");
        assertThat(health.credentials(two.model("mini"), false)).hasSize(2);
        assertThat(health.standing(two.model("gpt")).condition()).isEqualTo(Condition.WELL);
        time.pass(Duration.ofSeconds(20));
        assertThat(health.credentials(two.model("gpt"), false)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"SPENT", "UNAUTHORIZED"})
    void aCredentialThatIsSpentOrNotAcceptedIsLetBeEverywhere(Kind kind) {
        Place two = openai.pool("a", "b");
        end(two.model("gpt"), two.pool().get(0), Verdict.of(kind));
        assertThat(health.credentials(two.model("mini"), false))
                .extracting(NamedCredential::name)
                .containsExactly("b");
    }

    @ParameterizedTest
    @CsvSource({
        "RATE_LIMITED, 5 10 20 40 60 60",
        "UNAUTHORIZED, 60 120 240 480 600 600",
        "SPENT, 300 600 1200 2400 3600 3600"
    })
    void withoutAWordOfTheProvidersItIsLongerEachTimeUntilAnAnswer(Kind kind, String seconds) {
        for (String expected : seconds.split(" ")) {
            begin(target, openai.credential(), false).ended(Verdict.of(kind));
            Duration left = health.standing(target).left().orElseThrow();
            assertThat(left).isEqualTo(Duration.ofSeconds(Long.parseLong(expected)));
            time.pass(left);
        }
        answer(target);
        end(target, Verdict.of(kind));
        String first = seconds.substring(0, seconds.indexOf(' '));
        assertThat(health.standing(target).left()).contains(Duration.ofSeconds(Long.parseLong(first)));
    }

    @Test
    void manyRefusalsAtOnceMakeItNoLonger() {
        List<Trial> together = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            together.add(begin(target, openai.credential(), false));
        }
        together.forEach(trial -> trial.ended(Verdict.of(Kind.RATE_LIMITED)));
        assertThat(health.standing(target).left()).contains(Duration.ofSeconds(5));
    }

    @Test
    void whatAProviderAsksForIsHeldWithinFiveMinutes() {
        end(target, retryAfter(Kind.RATE_LIMITED, 1_000_000_000));
        assertThat(health.standing(target).left()).contains(Duration.ofMinutes(5));
        Candidate other = openai.model("other");
        end(other, retryAfter(Kind.RATE_LIMITED, 0));
        end(other, retryAfter(Kind.RATE_LIMITED, -10));
        assertThat(health.standing(other).condition()).isEqualTo(Condition.WELL);
    }

    @Test
    void whoIsAloneIsAskedThoughRefusedUnlessTheProviderHasSaidHowLong() {
        end(target, Verdict.of(Kind.RATE_LIMITED));
        assertThat(isAsked(target, true)).isTrue();
        assertThat(isAsked(target, true)).isTrue();

        end(target, retryAfter(Kind.RATE_LIMITED, 60));
        assertThat(isAsked(target, true)).isFalse();
        time.pass(Duration.ofSeconds(5));
        assertThat(isAsked(target, true)).isTrue();
        assertThat(isAsked(target, true)).isFalse();
        time.pass(Duration.ofSeconds(5));
        answer(target);
        assertThat(health.standing(target).condition()).isEqualTo(Condition.WELL);
    }

    @Test
    void anAnswerToAnEarlierCallDoesNotEndACoolDown() {
        Trial earlier = begin(target, openai.credential(), false);
        time.pass(Duration.ofSeconds(1));
        end(target, retryAfter(Kind.RATE_LIMITED, 60));
        earlier.firstContent();
        earlier.ended(Verdict.of(Kind.WELL));
        assertThat(health.standing(target).condition()).isEqualTo(Condition.COOLING);
    }

    @Test
    void aNewKeyOfTheSameNameBeginsAnew() {
        Place old = openai.pool(Place.key("a"));
        end(old.model("gpt"), old.credential(), Verdict.of(Kind.UNAUTHORIZED));
        assertThat(health.standing(old.model("gpt")).condition()).isEqualTo(Condition.COOLING);
        NamedCredential other = Place.key("b");
        Place replaced = openai.pool(new NamedCredential("a", other.credential(), 1));
        assertThat(health.standing(replaced.model("gpt")).condition()).isEqualTo(Condition.WELL);
        assertThat(isAsked(replaced.model("gpt"), false)).isTrue();
    }

    @Test
    void anOverloadedTargetIsLetBeForAsLongAsItAsks() {
        end(target, retryAfter(Kind.OVERLOADED, 7));
        assertThat(health.standing(target).condition()).isEqualTo(Condition.COOLING);
        assertThat(health.standing(target).left()).contains(Duration.ofSeconds(7));
        assertThat(health.standing(openai.model("other")).condition()).isEqualTo(Condition.WELL);
    }

    @Test
    void credentialsTakeTurnsByTheirWeights() {
        Place three = openai.pool(Place.key("a", 5), Place.key("b", 1), Place.key("c", 1));
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < 14; i++) {
            health.credentials(three.model("gpt"), false);
            NamedCredential first =
                    health.credentials(three.model("gpt"), false).get(0);
            order.append(first.name());
            end(three.model("gpt"), first, Verdict.of(Kind.WELL));
        }
        assertThat(order.toString().chars().filter(c -> c == 'a').count()).isEqualTo(10);
        assertThat(order.toString().chars().filter(c -> c == 'b').count()).isEqualTo(2);
        assertThat(order.toString()).doesNotContain("aaaaaa");
    }

    // --- limits that are told

    @Test
    void aLimitThatIsUsedUpIsKnownUntilItsReset() {
        Trial trial = begin(target, openai.credential(), false);
        trial.heard(
                200,
                List.of(
                        new Header("X-RateLimit-Remaining-Requests", "0"),
                        new Header("X-RateLimit-Reset-Requests", "20s")));
        assertThat(health.standing(target).condition()).isEqualTo(Condition.SPENT);
        assertThat(health.standing(target).left()).contains(Duration.ofSeconds(20));
        assertThat(isAsked(target, false)).isFalse();
        assertThat(isAsked(target, true)).isTrue();
        time.pass(Duration.ofSeconds(10));
        trial.heard(200, List.of(new Header("x-ratelimit-remaining-requests", "3")));
        assertThat(health.standing(target).condition()).isEqualTo(Condition.WELL);
    }

    // --- pace

    @Test
    void aCallThatHasWaitedLongerThanUsualCountsBeforeItIsAnswered() {
        for (int i = 0; i < 30; i++) {
            Trial trial = begin(target, openai.credential(), false);
            time.pass(Duration.ofMillis(200));
            trial.firstContent();
            trial.ended(Verdict.of(Kind.WELL));
        }
        assertThat(health.standing(target).firstTokenNanos()).hasValue(200_000_000);
        assertThat(health.standing(target).slowFirstTokenNanos()).hasValue(200_000_000);
        Trial waits = begin(target, openai.credential(), false);
        time.pass(Duration.ofSeconds(2));
        assertThat(health.standing(target).firstTokenNanos()).hasValue(2_000_000_000);
        waits.ended(Verdict.of(Kind.NOTHING));
        assertThat(health.standing(target).firstTokenNanos()).hasValue(2_000_000_000);
        time.pass(Duration.ofMinutes(2));
        assertThat(health.standing(target).firstTokenNanos().orElseThrow()).isLessThan(200_000_000);
    }

    // --- checks, and what is remembered

    @Test
    void aProviderThatFailsItsCheckIsAskedOnlyWhereItIsAlone() {
        Place checked = openai.checked();
        health.checked(checked.provider(), false);
        assertThat(health.standing(checked.model("gpt")).condition()).isEqualTo(Condition.UNHEALTHY);
        assertThat(isAsked(checked.model("gpt"), false)).isFalse();
        assertThat(isAsked(checked.model("gpt"), true)).isTrue();
        assertThat(health.standing(openai.model("gpt")).condition())
                .as("where the check is no longer configured")
                .isEqualTo(Condition.WELL);
        health.checked(checked.provider(), true);
        assertThat(isAsked(checked.model("gpt"), false)).isTrue();
    }

    @Test
    void modelsThatCallersThinkUpDoNotFillTheMemoryAndOpenCircuitsAreKept() {
        open(target);
        Trial busy = begin(openai.model("busy"), openai.credential(), false);
        for (int i = 0; i < 3 * LocalHealth.MOST_TARGETS; i++) {
            time.passNanos(1_000);
            answer(openai.model("made-up-" + i));
        }
        assertThat(health.targets()).isBetween(LocalHealth.MOST_TARGETS / 2, LocalHealth.MOST_TARGETS);
        assertThat(health.states()).hasSize(health.targets());
        assertThat(health.standing(target).condition()).isEqualTo(Condition.OPEN);
        assertThat(health.standing(openai.model("busy")).inFlight()).isEqualTo(1);
        busy.ended(Verdict.of(Kind.WELL));
    }

    @Test
    void statesShowWhatThereIsToSee() {
        open(target);
        Trial trial = begin(openai.model("mini"), openai.credential(), false);
        end(openai.model("mini"), retryAfter(Kind.RATE_LIMITED, 9));
        time.pass(Duration.ofSeconds(1));
        trial.firstContent();
        assertThat(health.states())
                .contains(
                        new TargetState(
                                "openai",
                                "gpt",
                                NamedCredential.ONLY,
                                false,
                                TargetState.Circuit.OPEN,
                                Optional.empty(),
                                0,
                                OptionalLong.of(0),
                                Kind.SERVER_ERROR),
                        new TargetState(
                                "openai",
                                "mini",
                                NamedCredential.ONLY,
                                false,
                                TargetState.Circuit.CLOSED,
                                Optional.of(Duration.ofSeconds(8)),
                                1,
                                OptionalLong.of(1_000_000_000),
                                Kind.RATE_LIMITED));
    }
}
