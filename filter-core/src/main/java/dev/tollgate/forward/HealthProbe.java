package dev.tollgate.forward;

import dev.tollgate.provider.Handling.HealthCheck;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.provider.Provider;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One provider being asked at intervals whether it is well, with its credentials in turn. Two bad answers in a row mean that it
 * is not, one good one that it is. That the gateway itself has no connection left for it says nothing.
 */
final class HealthProbe {
    private static final System.Logger LOG = System.getLogger(HealthChecks.class.getName());
    private static final int BAD_ENOUGH = 2;

    /** Intervals vary by a tenth up and down, so that the nodes of a cluster do not ask all at once. */
    private static final int SPREAD = 10;

    private final HealthChecks checks;
    private final Provider provider;
    private final HealthCheck check;

    private int asked;
    private int bad;
    private boolean stopped;
    private @Nullable Future<?> next;
    private @Nullable HealthQuestion underWay;

    /** @param provider one that has a health check */
    HealthProbe(HealthChecks checks, Provider provider) {
        this.checks = checks;
        this.provider = provider;
        this.check = provider.handling().healthCheck().orElseThrow();
    }

    boolean isOf(Provider other) {
        return provider.equals(other);
    }

    void begin() {
        later(checks.below(Math.min(check.every().toNanos(), TimeUnit.SECONDS.toNanos(1))));
    }

    synchronized void stop() {
        stopped = true;
        if (next != null) {
            next.cancel(false);
        }
        if (underWay != null) {
            underWay.abandon();
        }
    }

    private synchronized void later(long nanos) {
        if (!stopped) {
            try {
                next = checks.timers().schedule(this::ask, nanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException closing) {
                stopped = true;
            }
        }
    }

    private void ask() {
        HealthQuestion question;
        synchronized (this) {
            if (stopped) {
                return;
            }
            List<NamedCredential> credentials = provider.credentials();
            Provider called = provider.as(credentials.get(asked++ % credentials.size()));
            question = new HealthQuestion(checks, called, check, this::answered);
            underWay = question;
        }
        try {
            question.ask();
        } catch (RuntimeException fault) {
            LOG.log(Level.ERROR, "provider " + provider.name() + " could not be asked whether it is well", fault);
            answered(HealthQuestion.Result.UNKNOWN, "a fault of the gateway's own");
        }
    }

    private synchronized boolean counts(HealthQuestion.Result result) {
        if (stopped || result == HealthQuestion.Result.UNKNOWN) {
            return false;
        }
        bad = result == HealthQuestion.Result.WELL ? 0 : bad + 1;
        return bad == 0 || bad >= BAD_ENOUGH;
    }

    private void answered(HealthQuestion.Result result, String what) {
        if (counts(result)) {
            boolean well = result == HealthQuestion.Result.WELL;
            if (!well) {
                LOG.log(Level.INFO, "provider {0} has failed its health check: {1}", provider.name(), what);
            }
            checks.verdicts().checked(provider, well);
        }
        long every = check.every().toNanos();
        later(every - every / SPREAD + checks.below(2 * every / SPREAD));
    }
}
