package dev.tollgate.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Header;
import dev.tollgate.health.Standing.Condition;
import dev.tollgate.health.Verdict.Kind;
import dev.tollgate.route.Candidate;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.SettingsOf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Two nodes that tell each other what they have seen. */
class HintsTest {
    private final ManualTime time = new ManualTime();
    private final Place place = Place.of("openai").pool("a");
    private final Candidate target = place.model("gpt");
    private final List<String> told = new ArrayList<>();
    private final Wire here = new Wire();
    private final Wire there = new Wire();
    private final LocalHealth health = node(here);
    private final LocalHealth other = node(there);

    HintsTest() {
        here.peer = there;
        there.peer = here;
    }

    /** Brings hints to the other node at once. */
    private final class Wire implements Hints {
        private Wire peer = this;
        private BiConsumer<String, String> listener = (subject, text) -> {};

        @Override
        public void tell(String subject, String text, Duration life) {
            assertThat(life).isPositive();
            told.add(text);
            peer.listener.accept(subject, text);
        }

        @Override
        public void hear(BiConsumer<String, String> heard) {
            listener = heard;
        }

        @Override
        public void close() {}
    }

    private LocalHealth node(Wire wire) {
        LocalHealth node = new LocalHealth(time, time, HealthEvents.NONE);
        node.keep(SettingsOf.models(Map.of(place.name(), place.provider())));
        node.join(wire);
        return node;
    }

    private void end(LocalHealth at, Verdict verdict) {
        at.begin(target, place.credential(), true).orElseThrow().ended(verdict);
    }

    private void open() {
        for (int i = 0; i < 5; i++) {
            end(health, Verdict.of(Kind.TIMEOUT));
        }
    }

    @Test
    void whatIsOpenElsewhereIsAskedHereByAFewAtATime() {
        open();
        assertThat(other.standing(target).condition()).isEqualTo(Condition.PROBING);
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            trials.add(other.begin(target, place.credential(), false).orElseThrow());
        }
        assertThat(other.begin(target, place.credential(), false)).isEmpty();
        trials.forEach(trial -> trial.ended(Verdict.of(Kind.WELL)));
        assertThat(other.standing(target).condition()).isEqualTo(Condition.WELL);
        assertThat(told).as("no node repeats what it was told").hasSize(1);
    }

    @Test
    void aHintIsForgottenWhenItsTimeIsOver() {
        open();
        time.pass(Duration.ofSeconds(30));
        assertThat(other.standing(target).condition()).isEqualTo(Condition.WELL);
    }

    @Test
    void whatIsClosedElsewhereIsWellHere() {
        open();
        for (int i = 0; i < 3; i++) {
            end(health, Verdict.of(Kind.WELL));
        }
        assertThat(other.standing(target).condition()).isEqualTo(Condition.WELL);
    }

    @Test
    void credentialsThatAreRateLimitedOrSpentAreLetBeEverywhereAndThenNot() {
        end(health, new Verdict(Kind.RATE_LIMITED, Optional.of(Duration.ofSeconds(20))));
        assertThat(other.standing(target).condition()).isEqualTo(Condition.COOLING);
        assertThat(other.standing(target).left()).contains(Duration.ofSeconds(20));
        assertThat(other.standing(place.model("mini")).condition()).isEqualTo(Condition.WELL);
        time.pass(Duration.ofSeconds(6));
        end(health, Verdict.of(Kind.WELL));
        assertThat(other.standing(target).condition()).isEqualTo(Condition.WELL);

        end(health, Verdict.of(Kind.SPENT));
        assertThat(other.standing(place.model("mini")).condition()).isEqualTo(Condition.SPENT);
        assertThat(told).hasSize(3);
    }

    @Test
    void aKeyThatIsNotAcceptedHereMayBeAnotherOneThere() {
        end(health, Verdict.of(Kind.UNAUTHORIZED));
        assertThat(other.standing(target).condition()).isEqualTo(Condition.WELL);
    }

    @Test
    void limitsThatProvidersSayToBeUsedUpAreTold() {
        health.begin(target, place.credential(), false)
                .orElseThrow()
                .heard(
                        200,
                        List.of(
                                new Header("x-ratelimit-remaining-tokens", "0"),
                                new Header("x-ratelimit-reset-tokens", "30s")));
        assertThat(other.standing(target).condition()).isEqualTo(Condition.SPENT);
        assertThat(other.begin(target, place.credential(), true)).isPresent();
    }

    @Test
    void whatCannotBeReadOrIsAboutStrangersChangesNothing() {
        for (String subject :
                List.of("", "\n\n\n", "CIRCUIT\nother\ngpt\na", "CIRCUIT\nopenai\ngpt\nb", "X\nopenai\ngpt\na")) {
            here.listener.accept(subject, "- 30000 false");
        }
        for (String text : List.of("", "-", "- -1 true", "NO 3 true", "- 99999999999 true", "- 1 2 3")) {
            here.listener.accept("CIRCUIT\nopenai\ngpt\na", text);
            here.listener.accept("LIMIT\nopenai\ngpt\na", text);
        }
        assertThat(health.standing(target).condition()).isEqualTo(Condition.WELL);
        assertThat(health.targets()).isZero();
        here.listener.accept("CREDENTIAL\nopenai\n\na", "SPENT 999999999 true");
        assertThat(health.standing(target).left()).contains(Duration.ofHours(1));
    }
}
