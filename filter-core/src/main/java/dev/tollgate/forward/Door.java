package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.config.Settings.Priority;
import dev.tollgate.health.Health;
import dev.tollgate.health.Trial;
import dev.tollgate.health.Verdict;
import dev.tollgate.load.Load;
import dev.tollgate.load.Load.Place;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.route.Candidate;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lets the attempts of a call in at their targets: each with a credential that is usable, while the target can bear it. */
final class Door {
    private final Health health;
    private final Load load;
    private final Priority priority;

    Door(Forwarder forwarder, Call call) {
        this.health = forwarder.health;
        this.load = forwarder.load;
        this.priority = call.priority();
    }

    /** Whether there is a credential for a target that this call has not used up. */
    boolean hasCredential(Candidate target, boolean lastStanding, Predicate<NamedCredential> isLeft) {
        return health.credentials(target, lastStanding).stream().anyMatch(isLeft);
    }

    /** Begins a trial with the first credential that may be used: null when the target is not to be asked now. */
    @Nullable
    Ticket knock(Candidate target, boolean lastStanding, Predicate<NamedCredential> isLeft) {
        for (NamedCredential each : health.credentials(target, lastStanding)) {
            if (isLeft.test(each)) {
                Optional<Trial> trial = health.begin(target, each, lastStanding);
                if (trial.isPresent()) {
                    return new Ticket(target, each, trial.get());
                }
            }
        }
        return null;
    }

    /** A trial that has begun, whose attempt has no place yet. */
    final class Ticket {
        private final Candidate target;
        private final NamedCredential credential;
        private final Trial trial;

        private Ticket(Candidate target, NamedCredential credential, Trial trial) {
            this.target = target;
            this.credential = credential;
            this.trial = trial;
        }

        NamedCredential credential() {
            return credential;
        }

        /** Takes a place at the target: null when it has as many calls as it can bear, which ends the trial. */
        @Nullable
        Visit enter() {
            Optional<Place> place = Optional.empty();
            try {
                place = load.enter(target, priority);
            } finally {
                if (place.isEmpty()) {
                    trial.ended(Verdict.of(Verdict.Kind.NOTHING));
                }
            }
            return place.map(taken -> new Visit(trial, taken)).orElse(null);
        }
    }
}
