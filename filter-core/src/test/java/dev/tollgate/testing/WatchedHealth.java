package dev.tollgate.testing;

import dev.tollgate.Header;
import dev.tollgate.health.Health;
import dev.tollgate.health.Standing;
import dev.tollgate.health.Trial;
import dev.tollgate.health.Verdict;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.route.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Health that is what the test says, and remembers every trial. */
public final class WatchedHealth implements Health {
    private final Map<String, Standing> standings = new HashMap<>();
    private final Set<String> shut = new HashSet<>();
    private final Set<String> shutEvenToTheLast = new HashSet<>();
    private final List<Watched> trials = new ArrayList<>();

    /** A trial, and how it ended. */
    public static final class Watched implements Trial {
        private final String target;
        private final String credential;
        private final List<Verdict> verdicts = new ArrayList<>();
        private int status;
        private boolean content;

        private Watched(String target, String credential) {
            this.target = target;
            this.credential = credential;
        }

        public String target() {
            return target;
        }

        public String credential() {
            return credential;
        }

        /** The verdict; null while there is none. */
        public Verdict.Kind verdict() {
            return verdicts.isEmpty() ? null : verdicts.get(0).kind();
        }

        public int status() {
            return status;
        }

        public boolean hasContent() {
            return content;
        }

        @Override
        public void heard(int httpStatus, List<Header> headers) {
            status = httpStatus;
        }

        @Override
        public void firstContent() {
            content = true;
        }

        @Override
        public void ended(Verdict verdict) {
            verdicts.add(verdict);
        }
    }

    /** A target that keeps this time to first token nineteen times of twenty. */
    public WatchedHealth slow(String target, Duration firstToken) {
        standings.put(
                target,
                new Standing(
                        Standing.Condition.WELL,
                        Optional.empty(),
                        1,
                        0,
                        OptionalLong.of(firstToken.toNanos()),
                        OptionalLong.of(firstToken.toNanos())));
        return this;
    }

    /** A target that is not to be asked, unless there is nobody else. */
    public WatchedHealth open(String target) {
        shut.add(target);
        standings.put(target, standing(Standing.Condition.OPEN, Optional.empty()));
        return this;
    }

    /** A target whose provider has asked to be let be for so long, whoever asks. */
    public WatchedHealth cooling(String target, Duration left) {
        shutEvenToTheLast.add(target);
        standings.put(target, standing(Standing.Condition.COOLING, Optional.of(left)));
        return this;
    }

    /** A target is well again. */
    public WatchedHealth well(String target) {
        shut.remove(target);
        shutEvenToTheLast.remove(target);
        standings.remove(target);
        return this;
    }

    private static Standing standing(Standing.Condition condition, Optional<Duration> left) {
        return new Standing(condition, left, 1, 0, OptionalLong.empty(), OptionalLong.empty());
    }

    @Override
    public Standing standing(Candidate target) {
        return standings.getOrDefault(target.label(), Standing.UNKNOWN);
    }

    @Override
    public List<NamedCredential> credentials(Candidate target, boolean lastStanding) {
        return target.provider().credentials();
    }

    @Override
    public Optional<Trial> begin(Candidate target, NamedCredential credential, boolean lastStanding) {
        boolean refused =
                shutEvenToTheLast.contains(target.label()) || (shut.contains(target.label()) && !lastStanding);
        if (refused) {
            return Optional.empty();
        }
        Watched trial = new Watched(target.label(), credential.name());
        trials.add(trial);
        return Optional.of(trial);
    }

    /** All trials, in order. */
    public List<Watched> trials() {
        return trials;
    }

    public List<Verdict.Kind> verdicts() {
        return trials.stream().map(Watched::verdict).toList();
    }

    /** Whether every trial has ended, and once only. */
    public boolean isEven() {
        return trials.stream().allMatch(each -> each.verdicts.size() == 1);
    }
}
