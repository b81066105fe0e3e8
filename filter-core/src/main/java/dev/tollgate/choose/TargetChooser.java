package dev.tollgate.choose;

import dev.tollgate.health.Health;
import dev.tollgate.route.Asked;
import dev.tollgate.route.Candidate;
import dev.tollgate.route.Chooser;
import dev.tollgate.route.Ranking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Chooses by what targets can do, by how they stand, by rank and by the model's pick, in this order. Calls that have something in
 * common stay with their target, unless it is passed over.
 */
public final class TargetChooser implements Chooser {
    private static final Duration UNKNOWN = Duration.ofDays(1);
    private static final Comparator<Option> BY_RETURN = Comparator.comparing(
                    (Option option) -> option.standing().left().orElse(UNKNOWN))
            .thenComparing(Option.BY_RANK);

    private final Health health;
    private final Picks picks;
    private final Picks foreseen;
    private final Habits habits;

    /**
     * @param random called from any thread
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public TargetChooser(Health health, RandomGenerator random, LongSupplier nanoTime) {
        this.health = health;
        this.picks = new Picks(random, nanoTime);
        this.foreseen = new Picks(random, nanoTime); // who tries out nobody must not keep others from it
        this.habits = new Habits(nanoTime);
    }

    @Override
    public Ranking rank(Asked asked, List<Candidate> candidates) {
        return rank(asked, candidates, picks);
    }

    @Override
    public Ranking foresee(Asked asked, List<Candidate> candidates) {
        return rank(asked, candidates, foreseen);
    }

    private Ranking rank(Asked asked, List<Candidate> candidates, Picks with) {
        Exclusions exclusions = new Exclusions(asked);
        List<Option> options = exclusions.fitting(exclusions.able(candidates)).stream()
                .map(each -> new Option(each, health.standing(each)))
                .toList();
        List<Option> usable = exclusions.usable(options);
        if (usable.isEmpty()) {
            List<Option> last = options.stream().sorted(BY_RETURN).toList();
            return new Ranking(candidates(last.stream()), exclusions.all(), !last.isEmpty());
        }
        return ranked(asked, usable.stream().sorted(Option.BY_RANK).toList(), exclusions, with);
    }

    private Ranking ranked(Asked asked, List<Option> usable, Exclusions exclusions, Picks with) {
        List<Option> order = byRank(asked, usable, with);
        Optional<Option> usual = asked.stickyTo().isEmpty() ? Optional.empty() : habits.find(asked, usable);
        Stream<Option> all = usual.isEmpty()
                ? order.stream()
                : Stream.concat(
                        usual.stream(),
                        order.stream()
                                .filter(each -> !each.label().equals(usual.get().label())));
        boolean sticky = usual.isPresent() || isDrawnByKey(asked);
        return new Ranking(candidates(all), exclusions.all(), false, sticky);
    }

    private List<Option> byRank(Asked asked, List<Option> sorted, Picks with) {
        List<Option> order = new ArrayList<>(sorted.size());
        int from = 0;
        for (int to = 1; to <= sorted.size(); to++) {
            if (to == sorted.size() || Option.BY_RANK.compare(sorted.get(from), sorted.get(to)) != 0) {
                order.addAll(ofOneRank(asked, sorted.subList(from, to), with));
                from = to;
            }
        }
        return order;
    }

    /** Fallbacks of a tier are asked as they are configured. */
    private static List<Option> ofOneRank(Asked asked, List<Option> options, Picks with) {
        if (options.get(0).candidate().fallback()) {
            return options;
        }
        return isDrawnByKey(asked) ? with.order(asked, options, asked.stickyTo().get(0)) : with.order(asked, options);
    }

    /** A prompt's digest changes with each turn: where it is not known, nothing is in common. */
    private static boolean isDrawnByKey(Asked asked) {
        return !asked.stickyTo().isEmpty() && !Habits.isCache(asked);
    }

    private static List<Candidate> candidates(Stream<Option> options) {
        return options.map(Option::candidate).toList();
    }

    @Override
    public void served(Asked asked, Candidate by) {
        habits.note(asked, by);
    }
}
