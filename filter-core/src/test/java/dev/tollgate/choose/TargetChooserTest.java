package dev.tollgate.choose;

import static dev.tollgate.choose.Choice.among;
import static dev.tollgate.choose.Choice.labels;
import static dev.tollgate.choose.Choice.lacking;
import static dev.tollgate.choose.Choice.tagged;
import static dev.tollgate.choose.Choice.tier;
import static dev.tollgate.choose.Choice.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tollgate.config.Settings.Ability;
import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Traits;
import dev.tollgate.health.Standing.Condition;
import dev.tollgate.route.Ranking;
import dev.tollgate.route.Ranking.Exclusion;
import dev.tollgate.route.Ranking.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TargetChooserTest {
    private static final Duration LEFT = Duration.ofSeconds(30);

    @Test
    void targetsProperGoBeforeFallbacksAndLowerTiersBeforeHigherOnes() {
        Choice choice = among().withFallback("f/1")
                .with("c/1", 1, tier(2))
                .with("a/1", 1, tier(1))
                .with("b/1", 1, tier(1))
                .withFallback("g/1");

        assertThat(choice.order()).containsExactly("a/1", "b/1", "c/1", "f/1", "g/1");
    }

    @ParameterizedTest
    @EnumSource(Pick.class)
    void everyPickKeepsToTheRanks(Pick pick) {
        Choice choice = among("a/1", "b/1")
                .with("c/1", 1, tier(2))
                .withFallback("f/1")
                .withFallback("g/1")
                .pick(pick);
        choice.prices(Map.of("c/1", 1L, "f/1", 1L));
        choice.health.firstToken("f/1", Duration.ofNanos(1)).inFlight("a/1", 100);

        for (int i = 0; i < 100; i++) {
            assertThat(choice.order()).hasSize(5).endsWith("c/1", "f/1", "g/1").contains("a/1", "b/1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPEN, CIRCUIT_OPEN, 'its circuit is open, for 30 s'",
        "COOLING, COOLING, 'its credentials are let be, for 30 s'",
        "SPENT, LIMIT_SPENT, 'its provider''s limit is spent, for 30 s'",
        "UNHEALTHY, UNHEALTHY, 'it has failed its health check, for 30 s'"
    })
    void whoStandsBadlyIsPassedOverWithTheReason(Condition condition, Reason reason, String detail) {
        Choice choice = among("a/1", "b/1");
        choice.health.is("a/1", condition, LEFT);

        Ranking ranking = choice.rank(choice.asked());

        assertThat(labels(ranking)).containsExactly("b/1");
        assertThat(ranking.lastStanding()).isFalse();
        assertThat(ranking.excluded())
                .containsExactly(new Exclusion(choice.candidates.get(0), reason, detail, Optional.of(LEFT)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Condition.class,
            names = {"WELL", "PROBING"})
    void whoIsWellOrTriedAgainIsNotPassedOver(Condition condition) {
        Choice choice = among("a/1", "b/1");
        choice.health.is("a/1", condition, LEFT);

        assertThat(choice.order()).containsExactly("a/1", "b/1");
    }

    @Test
    void whenAllArePassedOverForHowTheyStandThoseAreAskedThatAreBackSoonest() {
        Choice choice = among("a/1", "b/1", "c/1").withFallback("f/1");
        choice.health.is("a/1", Condition.OPEN, Duration.ofSeconds(30));
        choice.health.is("b/1", Condition.COOLING, Duration.ofSeconds(5));
        choice.health.is("c/1", Condition.SPENT, Duration.ofSeconds(60));
        choice.health.is("f/1", Condition.UNHEALTHY, Duration.ofSeconds(5));

        Ranking ranking = choice.rank(choice.asked());

        assertThat(ranking.lastStanding()).isTrue();
        assertThat(labels(ranking)).containsExactly("b/1", "f/1", "a/1", "c/1");
        assertThat(ranking.excluded())
                .extracting(each -> each.candidate().label(), Exclusion::reason)
                .containsExactlyInAnyOrder(
                        tuple("a/1", Reason.CIRCUIT_OPEN),
                        tuple("b/1", Reason.COOLING),
                        tuple("c/1", Reason.LIMIT_SPENT),
                        tuple("f/1", Reason.UNHEALTHY));
    }

    @Test
    void aFallbackThatIsWellGoesBeforeTargetsThatAreNot() {
        Choice choice = among("a/1").withFallback("f/1");
        choice.health.is("a/1", Condition.OPEN, LEFT);

        assertThat(choice.order()).containsExactly("f/1");
    }

    @Test
    void whoLacksWhatTheCallNeedsIsPassedOverThoughNobodyElseIsWell() {
        Choice choice = among().with("a/1", 1, lacking(Ability.TOOLS, Ability.STRUCTURED_OUTPUT))
                .with("b/1", 1, Traits.NONE);
        choice.health.is("b/1", Condition.OPEN, LEFT);

        Ranking ranking = choice.rank(
                choice.asked(0, 0, Set.of(Ability.STRUCTURED_OUTPUT, Ability.TOOLS, Ability.IMAGES), Set.of()));

        assertThat(labels(ranking)).containsExactly("b/1");
        assertThat(ranking.lastStanding()).isTrue();
        assertThat(ranking.excluded().get(0).reason()).isEqualTo(Reason.CANNOT);
        assertThat(ranking.excluded().get(0).detail()).isEqualTo("it cannot do \"structured-output\", \"tools\"");
    }

    @Test
    void whatTheCallDoesNotNeedMayBeLacking() {
        Choice choice = among().with("a/1", 1, lacking(Ability.TOOLS));

        assertThat(labels(choice.rank(choice.asked(0, 0, Set.of(Ability.STREAMING), Set.of()))))
                .containsExactly("a/1");
    }

    @Test
    void aTargetMustHaveAllTags() {
        Choice choice = among("none/1").with("eu/1", 1, tagged("eu")).with("both/1", 1, tagged("eu", "zdr", "fast"));

        Ranking ranking = choice.rank(choice.asked(0, 0, Set.of(), Set.of("eu", "zdr")));

        assertThat(labels(ranking)).containsExactly("both/1");
        assertThat(ranking.excluded())
                .extracting(Exclusion::reason, Exclusion::detail)
                .containsExactly(
                        tuple(Reason.TAGS, "it does not have the tag \"eu\", \"zdr\""),
                        tuple(Reason.TAGS, "it does not have the tag \"zdr\""));
    }

    @Test
    void whenNoTargetHasTheTagsNobodyIsAsked() {
        Choice choice = among("a/1").with("b/1", 1, tagged("us"));

        Ranking ranking = choice.rank(choice.asked(0, 0, Set.of(), Set.of("eu")));

        assertThat(ranking.order()).isEmpty();
        assertThat(ranking.lastStanding()).isFalse();
        assertThat(ranking.excluded()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "   0,     0, true",
        " 900,     0, true",
        "1050,     0, true", // an estimate may be wrong by as much
        "1060,     0, false",
        " 500,   500, true",
        " 500,   600, false", // what the caller says is no estimate
        "   0,  1001, false",
    })
    void whoseContextIsTooSmallIsPassedOver(long input, long output, boolean fits) {
        Choice choice = among().with("small/1", 1, window(1_000)).with("large/1", 1, window(1_000_000));

        Ranking ranking = choice.rank(choice.asked(input, output, Set.of(), Set.of()));

        assertThat(labels(ranking)).isEqualTo(fits ? List.of("small/1", "large/1") : List.of("large/1"));
        assertThat(ranking.excluded()).extracting(Exclusion::reason).allMatch(Reason.CONTEXT_TOO_SMALL::equals);
    }

    @Test
    void anEstimateNeverLeavesACallWithoutTargets() {
        Choice choice = among().with("a/1", 1, window(1_000)).with("b/1", 1, window(2_000));

        Ranking ranking = choice.rank(choice.asked(5_000, 0, Set.of(), Set.of()));

        assertThat(labels(ranking)).containsExactly("a/1", "b/1");
        assertThat(ranking.excluded()).isEmpty();
    }

    @Test
    void anEstimateSendsCallsToTheChainForThemAndIsNotHeldAgainstThatOne() {
        Choice choice = among().with("a/1", 1, window(1_000)).tooLongTo("long/1");
        Choice chain = among().with("long/1", 1, window(2_000)).tooLongTo("long/1");

        Ranking ranking = choice.rank(choice.asked(5_000, 0, Set.of(), Set.of()));

        assertThat(ranking.order()).isEmpty();
        assertThat(ranking.excluded()).extracting(Exclusion::reason).containsExactly(Reason.CONTEXT_TOO_SMALL);
        assertThat(labels(chain.rank(chain.asked(5_000, 0, Set.of(), Set.of()))))
                .containsExactly("long/1");
    }

    @Test
    void whoFitsIsAskedAlthoughItStandsBadlyRatherThanWhoDoesNotFit() {
        Choice choice = among().with("a/1", 1, window(1_000)).with("b/1", 1, window(20_000));
        choice.health.is("b/1", Condition.OPEN, LEFT);

        Ranking ranking = choice.rank(choice.asked(5_000, 0, Set.of(), Set.of()));

        assertThat(labels(ranking)).containsExactly("b/1");
        assertThat(ranking.lastStanding()).isTrue();
    }

    @Test
    void weightsAreKeptInTheLongRunAndThoseWithoutComeLast() {
        Choice choice = among().with("a/1", 3, Traits.NONE)
                .with("b/1", 1, Traits.NONE)
                .with("c/1", 0, Traits.NONE)
                .pick(Pick.WEIGHTED);

        Map<String, Double> first = shares(40_000, choice::first);

        assertThat(first.keySet()).containsExactlyInAnyOrder("a/1", "b/1");
        assertThat(first.get("a/1")).isBetween(0.74, 0.76);
        assertThat(choice.order()).hasSize(3).endsWith("c/1");
    }

    @Test
    void whoIsComingBackGetsOnlyItsShareOfItsWeight() {
        Choice choice = among("a/1", "b/1").pick(Pick.WEIGHTED);
        choice.health.share("a/1", 0.25);

        assertThat(shares(40_000, choice::first).get("a/1")).isBetween(0.19, 0.21);
    }

    @ParameterizedTest
    @EnumSource(
            value = Pick.class,
            names = {"ORDER", "LEAST_BUSY", "FASTEST", "CHEAPEST"})
    void whoIsComingBackIsFirstOnlyAsOftenAsItsShareSays(Pick pick) {
        Choice choice = among("a/1", "b/1").pick(pick).prices(Map.of("a/1", 1L, "b/1", 2L));
        choice.health
                .share("a/1", 0.25)
                .inFlight("b/1", 3)
                .firstToken("a/1", Duration.ofMillis(1))
                .firstToken("b/1", Duration.ofMillis(9));

        assertThat(shares(20_000, choice::first).get("a/1")).isBetween(0.23, 0.27);
        choice.health.is("b/1", Condition.OPEN, LEFT);
        assertThat(choice.order()).containsExactly("a/1");
    }

    @Test
    void theLeastBusyForItsWeightIsFirstAndTiesAreDrawn() {
        Choice choice = among("a/1", "b/1").with("big/1", 4, Traits.NONE).pick(Pick.LEAST_BUSY);
        choice.health.inFlight("a/1", 2).inFlight("b/1", 2).inFlight("big/1", 7);

        Map<String, Double> second = shares(2_000, () -> choice.order().get(1));

        assertThat(choice.first()).isEqualTo("big/1");
        assertThat(second.get("a/1")).isBetween(0.45, 0.55);
    }

    @Test
    void theCheapestForTheCallAtHandIsFirstAndTheUnpricedLast() {
        Choice choice = among("unknown/1", "dear/1", "cheap/1", "cheap/2")
                .pick(Pick.CHEAPEST)
                .prices(Map.of("dear/1", 900L, "cheap/1", 3L, "cheap/2", 3L));

        assertThat(choice.order()).containsExactly("cheap/1", "cheap/2", "dear/1", "unknown/1");
    }

    static Map<String, Double> shares(int calls, Supplier<String> label) {
        return IntStream.range(0, calls)
                .mapToObj(i -> label.get())
                .collect(Collectors.groupingBy(
                        each -> each,
                        Collectors.collectingAndThen(Collectors.counting(), count -> (double) count / calls)));
    }
}
