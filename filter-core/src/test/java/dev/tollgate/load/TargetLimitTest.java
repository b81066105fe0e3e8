package dev.tollgate.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.Priority;
import dev.tollgate.load.Load.Ending;
import dev.tollgate.load.Load.Place;
import dev.tollgate.provider.Quirks;
import dev.tollgate.route.Candidate;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.Targets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetLimitTest {
    private final ManualTime time = new ManualTime(Long.MIN_VALUE + 7);
    private final TargetPlaces places = new TargetPlaces(time);
    private final Candidate target = candidate("m");
    private final Deque<Place> underWay = new ArrayDeque<>();

    @Test
    void aTargetThatBearsEverythingHasNoLimit() {
        enter(5_000);

        assertThat(underWay).hasSize(5_000);
        end(5_000, Ending.BORNE);
        assertThat(places.size()).isZero();
    }

    @Test
    void aFewFailuresAmongManyCallsAreNoise() {
        enter(200);
        end(100, Ending.BORNE);
        end(1, Ending.TOO_MUCH);
        end(99, Ending.BORNE);

        assertThat(places.limitsByProvider()).isEmpty();
    }

    @Test
    void oneBurstShrinksTheLimitOnce() {
        enter(100);
        end(100, Ending.TOO_MUCH);

        assertThat(limit()).isBetween(70, 75);
        enter(100);
        assertThat(underWay).hasSize(limit());
    }

    @Test
    void theLimitNeverFallsBelowItsFloor() {
        for (int i = 0; i < 20; i++) {
            enter(100);
            end(underWay.size(), Ending.TOO_MUCH);
        }

        assertThat(limit()).isEqualTo(TargetLimit.FLOOR);
        enter(100);
        assertThat(underWay).hasSize(TargetLimit.FLOOR);
    }

    @Test
    void theLimitGrowsFastUpToWhatWasTooMuchAndSlowlyFromThere() {
        enter(100);
        end(100, Ending.TOO_MUCH);
        enter(1000);
        end(underWay.size(), Ending.BORNE);
        int again = limit();
        for (int round = 0; round < 3; round++) {
            enter(1000);
            end(underWay.size(), Ending.BORNE);
        }

        assertThat(again).isBetween(95, 110);
        assertThat(limit()).isBetween(again + 1, again + 5);
    }

    @Test
    void aLimitThatIsNotInUseDoesNotGrow() {
        enter(100);
        end(100, Ending.TOO_MUCH);
        int before = limit();
        for (int i = 0; i < 200; i++) {
            enter(1);
            end(1, Ending.BORNE);
        }

        assertThat(limit()).isEqualTo(before);
    }

    @Test
    void aLimitDoesNotGrowWhileFirstTokensTakeMuchLongerThanUsual() {
        enter(1); // a target that is idle is not remembered
        for (int i = 0; i < 50; i++) {
            serve(Duration.ofMillis(200));
        }
        enter(100);
        end(100, Ending.TOO_MUCH);
        int before = limit();
        enter(1000);
        time.pass(Duration.ofSeconds(20));
        underWay.forEach(Place::firstContent);

        assertThat(limit()).isLessThanOrEqualTo(before + 1);
    }

    @Test
    void aStreamCountsAsBorneFromItsFirstContentOn() {
        enter(100);
        end(100, Ending.TOO_MUCH);
        int before = limit();
        enter(1000);
        underWay.forEach(Place::firstContent);
        int grown = limit();
        underWay.forEach(Place::firstContent);
        end(underWay.size(), Ending.BORNE);

        assertThat(grown).isGreaterThan(before + 10);
        assertThat(limit()).isEqualTo(grown);
    }

    @Test
    void aLimitGoesWhereNothingHasBeenTooMuchForAWhile() {
        enter(100);
        end(100, Ending.TOO_MUCH);
        time.pass(TargetLimit.QUIET.plusSeconds(1));
        enter(500);

        assertThat(underWay).hasSize(500);
    }

    @Test
    void batchCallsLeaveSomeOfTheLimitToOthers() {
        enter(100);
        end(100, Ending.TOO_MUCH);
        int limit = limit();
        List<Place> batch = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            places.enter(target, Priority.BATCH).ifPresent(batch::add);
        }
        enter(100);

        assertThat(batch).hasSize(limit * 90 / 100);
        assertThat(underWay).hasSize(limit - batch.size());
    }

    @Test
    void leavingTwiceFreesOnePlace() {
        enter(100);
        end(100, Ending.TOO_MUCH);
        enter(100);
        Place place = underWay.pop();
        place.leave(Ending.UNKNOWN);
        place.leave(Ending.UNKNOWN);

        enter(2);
        assertThat(underWay).hasSize(limit());
    }

    @Test
    void anotherTargetHasALimitOfItsOwn() {
        enter(100);
        end(100, Ending.TOO_MUCH);

        for (int i = 0; i < 100; i++) {
            assertThat(places.enter(candidate("other"), Priority.INTERACTIVE)).isPresent();
        }
    }

    @Test
    void anyNumberOfTargetsTakesABoundedPlace() {
        for (int i = 0; i < 3 * TargetPlaces.MOST; i++) {
            assertThat(places.enter(candidate("m" + i), Priority.INTERACTIVE)).isPresent();
        }

        assertThat(places.size()).isLessThanOrEqualTo(TargetPlaces.MOST);
    }

    @Test
    void limitedTargetsThatNobodyAsksForAreForgottenWhenThereIsNoRoom() {
        for (int i = 0; i < TargetPlaces.MOST; i++) {
            Place first = places.enter(candidate("m" + i), Priority.INTERACTIVE).orElseThrow();
            first.leave(Ending.TOO_MUCH);
        }
        assertThat(places.size()).isEqualTo(TargetPlaces.MOST);
        time.pass(TargetLimit.QUIET.plusSeconds(1));

        Optional<Place> place = places.enter(target, Priority.INTERACTIVE);
        assertThat(place).isPresent();
        assertThat(places.size()).isEqualTo(1);
    }

    private void enter(int calls) {
        for (int i = 0; i < calls; i++) {
            places.enter(target, Priority.INTERACTIVE).ifPresent(underWay::push);
        }
    }

    private void end(int calls, Ending ending) {
        for (int i = 0; i < calls; i++) {
            underWay.pop().leave(ending);
        }
    }

    private void serve(Duration wait) {
        Place place = places.enter(target, Priority.INTERACTIVE).orElseThrow();
        time.pass(wait);
        place.firstContent();
        place.leave(Ending.BORNE);
    }

    private int limit() {
        return places.limitsByProvider().get("p");
    }

    private static Candidate candidate(String model) {
        return Targets.of("openai", "openai-chat", model, Quirks.NONE);
    }
}
