package dev.tollgate.choose;

import static dev.tollgate.choose.Choice.among;
import static dev.tollgate.choose.Choice.tier;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Sticky;
import dev.tollgate.config.Settings.Traits;
import dev.tollgate.health.Standing.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StickinessTest {
    private static final Sticky HEADER = new Sticky.ToHeader("x-session");
    private static final Sticky CACHE = new Sticky.ToCache();
    private static final int KEYS = 2_000;

    @ParameterizedTest
    @EnumSource(Pick.class)
    void aKeyAlwaysLeadsToTheSameTargetOnEveryNode(Pick pick) {
        Choice node = among("a/1", "b/1", "c/1").sticky(HEADER).pick(pick);
        Choice other = among("a/1", "b/1", "c/1").sticky(HEADER).pick(pick);

        for (String key : keys()) {
            assertThat(node.order(key)).hasSize(3).isEqualTo(node.order(key)).isEqualTo(other.order(key));
        }
        assertThat(node.rank(node.asked("k")).sticky()).isTrue();
    }

    @Test
    void keysAreSpreadByWeight() {
        Choice choice = among("a/1", "b/1").with("big/1", 2, Traits.NONE).sticky(HEADER);

        Map<String, Long> counts =
                keys().stream().collect(Collectors.groupingBy(key -> choice.first(key), Collectors.counting()));

        assertThat(counts.get("big/1")).isBetween(KEYS * 46L / 100, KEYS * 54L / 100);
        assertThat(counts.get("a/1")).isBetween(KEYS * 21L / 100, KEYS * 29L / 100);
    }

    @Test
    void whenATargetLeavesOnlyItsOwnKeysMoveAndTheyMoveEverywhere() {
        Choice all = among("a/1", "b/1", "c/1").sticky(HEADER);
        Choice less = among("a/1", "b/1", "c/1").sticky(HEADER);
        less.health.is("c/1", Condition.OPEN, Duration.ofSeconds(9));

        Map<String, Set<String>> moved = keys().stream()
                .collect(Collectors.groupingBy(
                        key -> all.first(key), Collectors.mapping(key -> less.first(key), Collectors.toSet())));

        assertThat(moved).containsEntry("a/1", Set.of("a/1")).containsEntry("b/1", Set.of("b/1"));
        assertThat(moved.get("c/1")).containsExactlyInAnyOrder("a/1", "b/1");
    }

    @Test
    void keysComeBackBitByBitToATargetThatIsComingBack() {
        Choice choice = among("a/1", "b/1").sticky(HEADER);
        Set<String> own =
                keys().stream().filter(key -> choice.first(key).equals("a/1")).collect(Collectors.toSet());
        choice.health.share("a/1", 0.3);
        Set<String> some =
                own.stream().filter(key -> choice.first(key).equals("a/1")).collect(Collectors.toSet());
        choice.health.share("a/1", 0.6);
        Set<String> more =
                own.stream().filter(key -> choice.first(key).equals("a/1")).collect(Collectors.toSet());

        assertThat(some).hasSizeBetween(own.size() / 4, own.size() * 7 / 20);
        assertThat(more).hasSizeBetween(own.size() / 2, own.size() * 7 / 10).containsAll(some);
    }

    @Test
    void whoServedLastKeepsTheKeyThoughItsOwnTargetIsBack() {
        Choice choice = among("a/1", "b/1").sticky(HEADER);
        String key = keyOf(choice, "a/1");
        choice.health.is("a/1", Condition.OPEN, Duration.ofSeconds(9));
        choice.served("b/1", key);
        choice.health.well("a/1");

        assertThat(choice.order(key)).containsExactly("b/1", "a/1");
        choice.time.pass(Duration.ofMinutes(61));
        assertThat(choice.first(key)).isEqualTo("a/1");
    }

    @Test
    void stickinessYieldsToEveryExclusion() {
        Choice choice = among("a/1", "b/1").sticky(HEADER);
        choice.served("a/1", "k");
        choice.health.is("a/1", Condition.COOLING, Duration.ofSeconds(9));

        assertThat(choice.order("k")).containsExactly("b/1");
    }

    @Test
    void callsComeBackFromAFallbackWhenTheirTargetsAreWellForAWhile() {
        Choice choice = among("a/1").withFallback("f/1").sticky(HEADER);
        choice.health.is("a/1", Condition.OPEN, Duration.ofSeconds(9));
        choice.served("f/1", "k");
        choice.health.well("a/1");

        for (int minute = 0; minute < 5; minute++) {
            assertThat(choice.order("k")).containsExactly("f/1", "a/1");
            choice.served("f/1", "k");
            choice.time.pass(Duration.ofMinutes(1));
        }
        assertThat(choice.order("k")).containsExactly("a/1", "f/1");
    }

    @Test
    void aKeyThatIsServedByAHigherTierStaysThereForAWhileOnly() {
        Choice choice = among("a/1").with("b/1", 1, tier(2)).sticky(HEADER);
        choice.served("b/1", "k");

        assertThat(choice.first("k")).isEqualTo("b/1");
        choice.time.pass(Duration.ofMinutes(6));
        assertThat(choice.first("k")).isEqualTo("a/1");
    }

    @Test
    void theSlowerHalfOfAPairGivesUpItsKeysWhereTheFastestIsAskedFor() {
        Choice choice = among("a/1", "b/1").sticky(HEADER).pick(Pick.FASTEST);
        choice.health.firstToken("a/1", Duration.ofMillis(100)).firstToken("b/1", Duration.ofMillis(150));
        String key = keyOf(choice, "b/1");

        choice.health.firstToken("b/1", Duration.ofMillis(300));

        assertThat(choice.first(key)).isEqualTo("a/1");
    }

    @Test
    void theNextTurnFindsTheTargetWhoseCacheIsWarm() {
        Choice choice = among("a/1", "b/1", "c/1").sticky(CACHE);
        choice.served("c/1", "turn1", "instructions");

        assertThat(choice.first("turn2", "answer1", "turn1", "instructions")).isEqualTo("c/1");
        assertThat(choice.rank(choice.asked("turn2", "turn1")).sticky()).isTrue();
        assertThat(choice.rank(choice.asked("other")).sticky()).isFalse();
    }

    @Test
    void theLongestPrefixThatIsKnownDecides() {
        Choice choice = among("a/1", "b/1", "c/1").sticky(CACHE);
        choice.served("b/1", "mine1", "shared");
        choice.served("c/1", "theirs1", "shared");

        assertThat(choice.first("mine2", "mine1", "shared")).isEqualTo("b/1");
        assertThat(choice.first("new", "shared")).isEqualTo("c/1");
    }

    @Test
    void whereTheLastTargetIsPassedOverAnotherWarmOneIsAsked() {
        Choice choice = among("a/1", "b/1", "c/1").sticky(CACHE);
        choice.served("b/1", "x", "shared");
        choice.served("c/1", "y", "shared");
        choice.health.is("c/1", Condition.OPEN, Duration.ofSeconds(1));

        assertThat(choice.first("z", "shared")).isEqualTo("b/1");
    }

    @Test
    void aCacheIsWarmForFiveMinutesAfterItsLastUse() {
        Choice choice = among("a/1", "b/1").sticky(CACHE);
        choice.served("b/1", "x");
        choice.time.pass(Duration.ofMinutes(4));
        choice.served("b/1", "x");
        choice.time.pass(Duration.ofMinutes(4));

        assertThat(choice.first("x")).isEqualTo("b/1");
        choice.time.pass(Duration.ofMinutes(1));
        assertThat(choice.first("x")).isEqualTo("a/1");
    }

    @Test
    void aCrowdedTargetIsLeftAloneThoughItsCacheIsWarm() {
        Choice choice = among("a/1", "b/1", "c/1").sticky(CACHE);
        choice.served("c/1", "shared");
        choice.health.inFlight("c/1", 30).inFlight("a/1", 25).inFlight("b/1", 25);
        assertThat(choice.first("shared")).isEqualTo("c/1");

        choice.health.inFlight("a/1", 5).inFlight("b/1", 5);

        assertThat(choice.first("shared")).isEqualTo("a/1");
    }

    @Test
    void onlySoManyKeysAreRemembered() {
        Memory memory = new Memory(() -> 0, 320);
        keys().forEach(key -> memory.note(key, "a/1"));

        long kept =
                keys().stream().filter(key -> !memory.find(key, 1).isEmpty()).count();

        assertThat(kept).isBetween(200L, 320L);
        assertThat(memory.find("k1999", 1)).isNotEmpty();
    }

    private static String keyOf(Choice choice, String label) {
        return keys().stream()
                .filter(key -> choice.first(key).equals(label))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> keys() {
        return IntStream.range(0, KEYS).mapToObj(i -> "k" + i).toList();
    }
}
