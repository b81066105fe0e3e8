package dev.tollgate.choose;

import dev.tollgate.config.ModelPattern;
import dev.tollgate.config.Settings.Ability;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.health.Standing;
import dev.tollgate.route.Asked;
import dev.tollgate.route.Candidate;
import dev.tollgate.route.Ranking.Exclusion;
import dev.tollgate.route.Ranking.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Those who are passed over in one choice, and why. */
final class Exclusions {
    private final Asked asked;
    private final List<Exclusion> all = new ArrayList<>();

    Exclusions(Asked asked) {
        this.asked = asked;
    }

    List<Exclusion> all() {
        return all;
    }

    /** Those that have the tags and abilities that the call needs. */
    List<Candidate> able(List<Candidate> candidates) {
        return candidates.stream().filter(each -> isAdmitted(cannot(each))).toList();
    }

    private boolean isAdmitted(@Nullable Exclusion why) {
        if (why != null) {
            all.add(why);
        }
        return why == null;
    }

    private @Nullable Exclusion cannot(Candidate candidate) {
        if (!candidate.traits().tags().containsAll(asked.tags())) {
            List<String> missing = asked.tags().stream()
                    .filter(tag -> !candidate.traits().tags().contains(tag))
                    .toList();
            return lasting(candidate, Reason.TAGS, "it does not have the tag " + listed(missing));
        }
        List<String> lacking = asked.needs().stream()
                .filter(candidate.traits().lacks()::contains)
                .map(Exclusions::named)
                .toList();
        return lacking.isEmpty() ? null : lasting(candidate, Reason.CANNOT, "it cannot do " + listed(lacking));
    }

    /**
     * Those that the call is not too long for. How long it is is an estimate, so where it is too long for all of them, and there
     * are no others to go to, their providers are to say so.
     */
    List<Candidate> fitting(List<Candidate> candidates) {
        List<Candidate> fitting =
                candidates.stream().filter(each -> !isTooLongFor(each)).toList();
        if (fitting.isEmpty() && !areOthers(candidates)) {
            return candidates;
        }
        candidates.stream().filter(this::isTooLongFor).map(this::tooLong).forEach(all::add);
        return fitting;
    }

    /** Whether the model says where calls go that are too long, and these are not those. */
    private boolean areOthers(List<Candidate> candidates) {
        List<Target> chain = asked.model().routing().contextWindowFallback();
        return !chain.isEmpty()
                && !candidates.stream().allMatch(each -> chain.stream().anyMatch(target -> isOf(target, each)));
    }

    private static boolean isOf(Target target, Candidate candidate) {
        return target.provider().equals(candidate.provider().name())
                && (target.model().equals(candidate.model()) || new ModelPattern(target.model()).isWild());
    }

    /** An estimate is believed but for one part in twenty; what the caller says itself is believed whole. */
    private boolean isTooLongFor(Candidate candidate) {
        OptionalLong window = candidate.traits().contextWindow();
        return window.isPresent() && asked.inputTokens() * 19 / 20 + asked.outputTokens() > window.getAsLong();
    }

    private Exclusion tooLong(Candidate candidate) {
        String output = asked.outputTokens() == 0 ? "" : " and up to " + asked.outputTokens() + " of output";
        return lasting(
                candidate,
                Reason.CONTEXT_TOO_SMALL,
                "its context of " + candidate.traits().contextWindow().orElse(0) + " tokens is too small for about "
                        + asked.inputTokens() + " tokens of input" + output);
    }

    /** Those that may be asked while there are others. */
    List<Option> usable(List<Option> options) {
        for (Option each : options) {
            if (!each.isUsable()) {
                all.add(standing(each));
            }
        }
        return options.stream().filter(Option::isUsable).toList();
    }

    private static Exclusion standing(Option option) {
        Standing standing = option.standing();
        String left = standing.left().map(Exclusions::during).orElse("");
        Reason reason;
        String what;
        switch (standing.condition()) {
            case OPEN -> {
                reason = Reason.CIRCUIT_OPEN;
                what = "its circuit is open";
            }
            case COOLING -> {
                reason = Reason.COOLING;
                what = "its credentials are let be";
            }
            case SPENT -> {
                reason = Reason.LIMIT_SPENT;
                what = "its provider's limit is spent";
            }
            case UNHEALTHY -> {
                reason = Reason.UNHEALTHY;
                what = "it has failed its health check";
            }
            default -> throw new AssertionError(standing.condition());
        }
        return new Exclusion(option.candidate(), reason, what + left, standing.left());
    }

    private static String during(Duration left) {
        return ", for " + Math.max(1, left.plusMillis(999).toSeconds()) + " s";
    }

    private static Exclusion lasting(Candidate candidate, Reason reason, String detail) {
        return new Exclusion(candidate, reason, detail, Optional.empty());
    }

    private static String listed(Collection<String> words) {
        return words.stream().sorted().collect(Collectors.joining("\", \"", "\"", "\""));
    }

    private static String named(Ability ability) {
        return ability.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
