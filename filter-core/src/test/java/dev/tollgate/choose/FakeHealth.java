package dev.tollgate.choose;

import dev.tollgate.health.Health;
import dev.tollgate.health.Standing;
import dev.tollgate.health.Standing.Condition;
import dev.tollgate.health.Trial;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.route.Candidate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Targets that stand as a test says. */
final class FakeHealth implements Health {
    private final Map<String, Standing> standings = new HashMap<>();

    FakeHealth is(String label, Condition condition, Duration left) {
        Standing now = at(label);
        return put(label, condition, Optional.of(left), now.share(), now.inFlight(), now.firstTokenNanos());
    }

    FakeHealth well(String label) {
        Standing now = at(label);
        return put(label, Condition.WELL, Optional.empty(), 1, now.inFlight(), now.firstTokenNanos());
    }

    FakeHealth share(String label, double share) {
        Standing now = at(label);
        return put(label, now.condition(), now.left(), share, now.inFlight(), now.firstTokenNanos());
    }

    FakeHealth inFlight(String label, int calls) {
        Standing now = at(label);
        return put(label, now.condition(), now.left(), now.share(), calls, now.firstTokenNanos());
    }

    FakeHealth firstToken(String label, Duration time) {
        Standing now = at(label);
        return put(label, now.condition(), now.left(), now.share(), now.inFlight(), OptionalLong.of(time.toNanos()));
    }

    private FakeHealth put(
            String label,
            Condition condition,
            Optional<Duration> left,
            double share,
            int inFlight,
            OptionalLong firstToken) {
        standings.put(label, new Standing(condition, left, share, inFlight, firstToken, OptionalLong.empty()));
        return this;
    }

    private Standing at(String label) {
        return standings.getOrDefault(label, Standing.UNKNOWN);
    }

    @Override
    public Standing standing(Candidate target) {
        return at(target.label());
    }

    @Override
    public List<NamedCredential> credentials(Candidate target, boolean lastStanding) {
        return target.provider().credentials();
    }

    @Override
    public Optional<Trial> begin(Candidate target, NamedCredential credential, boolean lastStanding) {
        return Health.blind().begin(target, credential, lastStanding);
    }
}
