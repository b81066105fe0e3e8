package dev.tollgate.health;

import dev.tollgate.health.Breaker.Phase;
import dev.tollgate.health.CoolDown.Rest;
import dev.tollgate.health.HintText.Topic;
import dev.tollgate.health.Verdict.Kind;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tells the log, the metrics and the other nodes what this node has found out itself. */
final class Notices {
    private static final System.Logger LOG = System.getLogger(Health.class.getName());

    private final HealthEvents events;
    private volatile Hints hints = Hints.none();

    Notices(HealthEvents events) {
        this.events = events;
    }

    void join(Hints others) {
        hints = others;
    }

    /** A circuit has entered a phase. */
    void turned(Who who, Phase phase) {
        if (phase.state() == State.OPEN) {
            events.opened(who.provider());
            LOG.log(
                    Level.WARNING,
                    () -> who.label() + " fails (credential " + who.credential() + "): it is let be for "
                            + seconds(phase.open()));
            tell(Topic.CIRCUIT, who, null, phase.open(), false);
        } else if (phase.state() == State.CLOSED) {
            LOG.log(Level.INFO, () -> who.label() + " answers again (credential " + who.credential() + ")");
            tell(Topic.CIRCUIT, who, null, Duration.ZERO, false);
        }
    }

    /** The circuit of a provider's address has entered a phase. */
    void turned(String provider, String address, Phase phase) {
        if (phase.state() == State.OPEN) {
            events.opened(provider);
            LOG.log(
                    Level.WARNING,
                    () -> provider + " cannot be reached at " + address + ": it is let be for "
                            + seconds(phase.open()));
        } else if (phase.state() == State.CLOSED) {
            LOG.log(Level.INFO, () -> provider + " can be reached again at " + address);
        }
    }

    /** A credential is let be at a target. */
    void limited(Who who, Rest rest, long now) {
        events.cooled(who.provider(), rest.kind());
        tell(Topic.LIMIT, who, rest.kind(), Duration.ofNanos(rest.until() - now), rest.isSaid());
    }

    /** A credential is let be at all its provider's targets. */
    void refused(Who who, Rest rest, long now) {
        events.cooled(who.provider(), rest.kind());
        Duration left = Duration.ofNanos(rest.until() - now);
        if (rest.times() == 1) {
            String trouble = rest.kind() == Kind.SPENT ? "has spent what its account has" : "is not accepted";
            LOG.log(
                    Level.WARNING,
                    () -> "provider " + who.provider() + ": credential " + who.credential() + " " + trouble
                            + "; it is let be for " + seconds(left));
        }
        if (rest.kind() == Kind.SPENT) { // others may have been given another key by that name
            tell(Topic.CREDENTIAL, who, rest.kind(), left, rest.isSaid());
        }
    }

    /** A provider has said that a limit is used up. */
    void spent(Who who, long left) {
        tell(Topic.LIMIT, who, Kind.SPENT, Duration.ofNanos(left), false);
    }

    /** A credential is not let be any longer. */
    void over(Topic topic, Who who) {
        tell(topic, who, null, Duration.ZERO, false);
    }

    private void tell(Topic topic, Who who, @Nullable Kind kind, Duration left, boolean isSaid) {
        String model = topic == Topic.CREDENTIAL ? "" : who.model();
        HintText hint = new HintText(topic, who.provider(), model, who.credential(), kind, left, isSaid);
        hints.tell(hint.subject(), hint.text(), hint.life());
    }

    private static String seconds(Duration time) {
        return Math.max(1, time.toSeconds()) + " s";
    }
}
