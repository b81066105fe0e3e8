package dev.tollgate.choose;

import static dev.tollgate.choose.Choice.among;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.Pick;
import dev.tollgate.health.Standing.Condition;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FastestTest {

    @Test
    void theBetterOfTwoIsFirstAndTheOthersFollowByTheirTimes() {
        Choice choice = among("slow/1", "fast/1", "mid/1").pick(Pick.FASTEST);
        choice.health
                .firstToken("slow/1", Duration.ofMillis(900))
                .firstToken("mid/1", Duration.ofMillis(300))
                .firstToken("fast/1", Duration.ofMillis(100));

        Map<String, Double> first = TargetChooserTest.shares(9_000, choice::first);

        assertThat(first).doesNotContainKey("slow/1");
        assertThat(first.get("fast/1")).isBetween(0.64, 0.69);
        assertThat(choice.order()).endsWith("slow/1");
    }

    @Test
    void callsUnderWayCountAgainstATarget() {
        Choice choice = among("busy/1", "idle/1").pick(Pick.FASTEST);
        choice.health
                .firstToken("busy/1", Duration.ofMillis(100))
                .inFlight("busy/1", 5)
                .firstToken("idle/1", Duration.ofMillis(500));

        assertThat(choice.order()).containsExactly("idle/1", "busy/1");
    }

    @Test
    void aColdTargetIsTriedOutByOneCallAtATime() {
        Choice choice = among("known/1", "cold/1").pick(Pick.FASTEST);
        choice.health.firstToken("known/1", Duration.ofMillis(100));

        assertThat(choice.order()).containsExactly("cold/1", "known/1");
        assertThat(choice.order()).containsExactly("known/1", "cold/1");
        choice.time.pass(Duration.ofSeconds(10));
        assertThat(choice.first()).isEqualTo("cold/1");
    }

    @Test
    void aColdTargetThatIsBeingAskedIsNotTriedOut() {
        Choice choice = among("known/1", "cold/1").pick(Pick.FASTEST);
        choice.health.firstToken("known/1", Duration.ofMillis(100)).inFlight("cold/1", 1);

        assertThat(choice.first()).isEqualTo("known/1");
    }

    @Test
    void coldTargetsAreTriedOutOneAfterAnotherThenTheLeastBusyIsAsked() {
        Choice choice = among("a/1", "b/1", "c/1").pick(Pick.FASTEST);

        assertThat(Stream.generate(choice::first).limit(3)).containsExactlyInAnyOrder("a/1", "b/1", "c/1");
        choice.health.inFlight("a/1", 2).inFlight("b/1", 1).inFlight("c/1", 3);
        assertThat(choice.order()).containsExactly("b/1", "a/1", "c/1");
    }

    @Test
    void aColdTargetThatStandsBadlyIsNotTriedOut() {
        Choice choice = among("known/1", "cold/1").pick(Pick.FASTEST);
        choice.health.firstToken("known/1", Duration.ofMillis(100)).is("cold/1", Condition.OPEN, Duration.ofSeconds(1));

        assertThat(choice.order()).containsExactly("known/1");
    }

    @Test
    void trafficLeavesATargetThatTurnsTenTimesSlowerWithinFiveSecondsAndComesBackAfterwards() {
        Traffic traffic = new Traffic(40, "a/1", "b/1", "c/1");
        traffic.run(Duration.ofSeconds(20));
        assertThat(traffic.share("c/1", Duration.ofSeconds(5), Duration.ofSeconds(20)))
                .isBetween(0.2, 0.47);

        traffic.slow("c/1", 10);
        traffic.run(Duration.ofSeconds(40));
        assertThat(traffic.share("c/1", Duration.ofSeconds(25), Duration.ofSeconds(60)))
                .isLessThan(0.03);
        assertThat(traffic.firstToken(Duration.ofSeconds(25), Duration.ofSeconds(60)))
                .isLessThan(Duration.ofMillis(300));

        traffic.slow("c/1", 1);
        traffic.run(Duration.ofMinutes(2));
        assertThat(traffic.share("c/1", Duration.ofSeconds(150), Duration.ofSeconds(180)))
                .isBetween(0.15, 0.47);
    }

    @Test
    void aTargetThatStopsAnsweringIsLeftAloneBeforeItHasFailed() {
        Traffic traffic = new Traffic(40, "a/1", "b/1", "c/1");
        traffic.run(Duration.ofSeconds(20));

        traffic.slow("c/1", 1_000);
        traffic.run(Duration.ofSeconds(20));

        assertThat(traffic.share("c/1", Duration.ofSeconds(22), Duration.ofSeconds(40)))
                .isLessThan(0.01);
    }
}
