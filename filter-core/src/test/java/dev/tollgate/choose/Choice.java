package dev.tollgate.choose;

import dev.tollgate.config.Settings.Ability;
import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Routing;
import dev.tollgate.config.Settings.Sticky;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.config.Settings.Traits;
import dev.tollgate.route.Asked;
import dev.tollgate.route.Candidate;
import dev.tollgate.route.Ranking;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.SettingsOf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** A choice among targets, put together by a test. */
final class Choice {
    final FakeHealth health = new FakeHealth();
    final ManualTime time = new ManualTime();
    final List<Candidate> candidates = new ArrayList<>();
    final TargetChooser chooser = new TargetChooser(health, new Random(7), time);
    private Pick pick = Pick.ORDER;
    private Sticky sticky;
    private List<Target> tooLongTo = List.of();
    private Map<String, Long> prices = Map.of();

    /** Targets like any other, by their labels. */
    static Choice among(String... labels) {
        Choice choice = new Choice();
        for (String label : labels) {
            choice.with(label, 1, Traits.NONE);
        }
        return choice;
    }

    Choice with(String label, int weight, Traits traits) {
        candidates.add(candidate(label, weight, traits, false));
        return this;
    }

    Choice withFallback(String label) {
        candidates.add(candidate(label, 1, Traits.NONE, true));
        return this;
    }

    Choice pick(Pick how) {
        pick = how;
        return this;
    }

    Choice sticky(Sticky to) {
        sticky = to;
        return this;
    }

    /** Calls that are too long go to these, by their labels. */
    Choice tooLongTo(String... labels) {
        tooLongTo = Arrays.stream(labels)
                .map(label -> label.split("/", 2))
                .map(parts -> new Target(parts[0], parts[1], 1))
                .toList();
        return this;
    }

    Choice prices(Map<String, Long> nanoUsd) {
        prices = nanoUsd;
        return this;
    }

    static Traits tier(int tier) {
        return new Traits(tier, Set.of(), OptionalLong.empty(), Set.of());
    }

    static Traits tagged(String... tags) {
        return new Traits(1, Set.of(tags), OptionalLong.empty(), Set.of());
    }

    static Traits lacking(Ability... lacks) {
        return new Traits(1, Set.of(), OptionalLong.empty(), Set.of(lacks));
    }

    static Traits window(long tokens) {
        return new Traits(1, Set.of(), OptionalLong.of(tokens), Set.of());
    }

    static Candidate candidate(String label, int weight, Traits traits, boolean fallback) {
        String[] parts = label.split("/", 2);
        return new Candidate(SettingsOf.provider(parts[0], "openai"), parts[1], weight, traits, fallback);
    }

    Asked asked(String... stickyTo) {
        return asked(0, 0, Set.of(), Set.of(), stickyTo);
    }

    Asked asked(long input, long output, Set<Ability> needs, Set<String> tags, String... stickyTo) {
        return new Asked(model(), input, output, needs, tags, List.of(stickyTo), candidate -> {
            Long price = prices.get(candidate.label());
            return price == null ? OptionalLong.empty() : OptionalLong.of(price);
        });
    }

    private Model model() {
        Routing routing = new Routing(
                List.of(),
                Optional.ofNullable(sticky),
                tooLongTo,
                List.of(),
                List.of(),
                Duration.ZERO,
                false,
                false,
                0,
                false);
        return SettingsOf.routed(SettingsOf.model("smart", pick, List.of(), List.of()), routing);
    }

    Ranking rank(Asked asked) {
        return chooser.rank(asked, candidates);
    }

    List<String> order(String... stickyTo) {
        return labels(rank(asked(stickyTo)));
    }

    String first(String... stickyTo) {
        return order(stickyTo).get(0);
    }

    void served(String label, String... stickyTo) {
        Candidate by = candidates.stream()
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow();
        chooser.served(asked(stickyTo), by);
    }

    static List<String> labels(Ranking ranking) {
        return ranking.order().stream().map(Candidate::label).toList();
    }
}
