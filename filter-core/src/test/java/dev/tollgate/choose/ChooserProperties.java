package dev.tollgate.choose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Sticky;
import dev.tollgate.config.Settings.Traits;
import dev.tollgate.health.Standing.Condition;
import dev.tollgate.route.Candidate;
import dev.tollgate.route.Ranking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ChooserProperties {

    private static Traits traits(int kind) {
        Set<String> tags = kind == 3 ? Set.of() : Set.of("eu");
        return new Traits(1 + kind % 2, tags, OptionalLong.of(kind == 4 ? 10 : 10_000), Set.of());
    }

    @Property(tries = 400)
    void everyTargetIsAskedOnceOrPassedOverOnce(
            @ForAll @Size(min = 1, max = 7) List<Condition> conditions,
            @ForAll @Size(7) List<@IntRange(max = 4) Integer> kinds,
            @ForAll @Size(7) List<@IntRange(max = 3) Integer> weights,
            @ForAll Pick pick,
            @ForAll boolean sticky) {
        Choice choice = new Choice().pick(pick);
        if (sticky) {
            choice.sticky(new Sticky.ToConversation());
        }
        for (int i = 0; i < conditions.size(); i++) {
            String label = "p" + i + "/m";
            int kind = kinds.get(i);
            choice.candidates.add(Choice.candidate(label, weights.get(i), traits(kind), kind == 0));
            choice.health.inFlight(label, i).is(label, conditions.get(i), Duration.ofSeconds(i));
            if (i % 2 == 0) {
                choice.health.firstToken(label, Duration.ofMillis(i));
            }
        }

        Ranking ranking = choice.rank(choice.asked(100, 0, Set.of(), Set.of("eu"), "k"));

        List<Candidate> excluded =
                ranking.excluded().stream().map(Ranking.Exclusion::candidate).toList();
        assertThat(ranking.order()).doesNotHaveDuplicates();
        assertThat(excluded).doesNotHaveDuplicates();
        if (ranking.lastStanding()) {
            assertThat(excluded).containsAll(ranking.order()).containsExactlyInAnyOrderElementsOf(choice.candidates);
        } else {
            List<Candidate> all = new ArrayList<>(ranking.order());
            all.addAll(excluded);
            assertThat(all).containsExactlyInAnyOrderElementsOf(choice.candidates);
        }
        assertThat(ranking.order())
                .allSatisfy(each -> assertThat(each.traits().tags()).contains("eu"));
    }
}
