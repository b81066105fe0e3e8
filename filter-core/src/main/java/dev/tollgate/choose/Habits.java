package dev.tollgate.choose;

import dev.tollgate.config.Settings.Sticky;
import dev.tollgate.route.Asked;
import dev.tollgate.route.Candidate;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Where calls went that have something in common with later ones. A habit is followed while its target may be asked; one that has
 * led away from better targets is given up after a while, so that calls come back to them.
 */
final class Habits {
    private static final int MOST = 1 << 15;

    /** As long as providers keep what they have read of a prompt, at least. */
    private static final Duration CACHE = Duration.ofMinutes(5);

    private static final Duration OTHERS = Duration.ofHours(1);

    /** How long calls stay with a target of a lesser rank than the best that may be asked. */
    private static final long AWAY_NANOS = Duration.ofMinutes(5).toNanos();

    /** So many calls under way at a target keep nobody from following the others. */
    private static final int FEW = 8;

    private static final double CROWDED = 1.5;

    private final LongSupplier nanoTime;
    private final Memory memory;

    Habits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.memory = new Memory(nanoTime, MOST);
    }

    /**
     * The target that such a call went to before.
     *
     * @param options those that may be asked, the best rank first
     */
    Optional<Option> find(Asked asked, List<Option> options) {
        boolean cache = isCache(asked);
        long within = (cache ? CACHE : OTHERS).toNanos();
        for (String digest : asked.stickyTo()) {
            for (Memory.Served served : memory.find(digest, within)) {
                Optional<Option> option = options.stream()
                        .filter(each -> each.label().equals(served.label()))
                        .filter(each -> isAtHome(each, served, options.get(0)))
                        .filter(each -> !cache || !isCrowded(each, options))
                        .findFirst();
                if (option.isPresent()) {
                    return option;
                }
                if (!cache) {
                    break; // only who served last counts
                }
            }
        }
        return Optional.empty();
    }

    private boolean isAtHome(Option option, Memory.Served served, Option best) {
        return Option.BY_RANK.compare(option, best) <= 0 || nanoTime.getAsLong() - served.since() < AWAY_NANOS;
    }

    /** Whether so many go there for its cache that it is better to warm another: many calls may begin alike. */
    private static boolean isCrowded(Option option, List<Option> options) {
        if (option.standing().inFlight() <= FEW) {
            return false;
        }
        long calls = 0;
        long weights = 0;
        for (Option each : options) {
            if (Option.BY_RANK.compare(each, option) == 0) {
                calls += each.standing().inFlight();
                weights += Math.max(0, each.candidate().weight());
            }
        }
        return option.load() * weights > CROWDED * calls;
    }

    /** A call was answered by a target. */
    void note(Asked asked, Candidate by) {
        List<String> digests = asked.stickyTo();
        int count = digests.size();
        if (count == 0) {
            return;
        }
        // The whole prompt, which the next turn begins with; all but its end, where that is changed; and what many have
        // in
        // common.
        Set<String> noted = new LinkedHashSet<>(List.of(digests.get(0), digests.get(Math.min(1, count - 1))));
        noted.add(digests.get(count - 1));
        noted.forEach(digest -> memory.note(digest, by.label()));
    }

    static boolean isCache(Asked asked) {
        return asked.model()
                .routing()
                .sticky()
                .filter(Sticky.ToCache.class::isInstance)
                .isPresent();
    }
}
