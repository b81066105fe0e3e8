package dev.tollgate.health;

import dev.tollgate.health.Standing.Condition;
import dev.tollgate.provider.Handling.Circuit;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A circuit: who fails is let be for a while, then asked by a few, and by all when these were answered.
 *
 * <p>What counts is what began in the same phase. Calls that began before the circuit opened may end minutes later: they say
 * nothing about how it is now, neither those that fail nor those that are answered. Only answers to calls that passed over the
 * open circuit count in the next phase too.
 */
final class Breaker {
    /** Calls that are let through at a time while it is tried again, and that have to be answered until it is closed. */
    static final int PROBES = 3;

    /** What there is of the usual calls right after it was closed. */
    static final double LEAST_SHARE = 0.1;

    private static final int WINDOW = 20;
    private static final int MOST_TIMES = 10;
    private static final Duration NEVER = Duration.ofDays(365);

    private final Circuit terms;
    private final LongSupplier nanos;
    private final Consumer<Phase> turned;
    private final CircuitBreaker circuit;
    private volatile Phase phase;
    private int opened;
    private int failuresInARow;

    /**
     * A time in which it stands in one way.
     *
     * @param number counts the phases
     * @param since nanoseconds
     * @param open how long it is let be, where it is open
     * @param times how often it was opened, without being closed in between; in a closed one, before that
     */
    record Phase(State state, int number, long since, Duration open, int times) {}

    /** Leave to ask. It is to be answered for once, by {@link #well}, {@link #failed} or {@link #nothing}. */
    record Pass(int phase, boolean permitted, boolean isProbe) {}

    /** @param turned told of each new phase, outside of locks */
    Breaker(Circuit terms, LongSupplier nanos, Consumer<Phase> turned) {
        this.terms = terms;
        this.nanos = nanos;
        this.turned = turned;
        this.phase = new Phase(State.CLOSED, 0, nanos.getAsLong(), Duration.ZERO, 0);
        this.circuit = CircuitBreaker.of("", config());
        circuit.getEventPublisher()
                .onStateTransition(event -> enter(event.getStateTransition().getToState()));
    }

    private CircuitBreakerConfig config() {
        boolean isSlowAware = !terms.slow().isZero();
        int window = Math.max(WINDOW, terms.failures());
        return CircuitBreakerConfig.custom()
                .clock(new MonotonicClock(nanos))
                .slidingWindow(window, Math.max(1, terms.failures()), SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(percent(terms.failurePercent()))
                .slowCallDurationThreshold(isSlowAware ? terms.slow() : NEVER)
                .slowCallRateThreshold(percent(terms.slowPercent()))
                .permittedNumberOfCallsInHalfOpenState(PROBES)
                .waitIntervalFunctionInOpenState(times -> open(times).toMillis())
                .writableStackTraceEnabled(false)
                .build();
    }

    private static float percent(int percent) {
        return Math.min(100, Math.max(1, percent));
    }

    private Duration open(int times) {
        return terms.open().multipliedBy(Math.min(times, MOST_TIMES));
    }

    /** Called by the circuit, so with the lock held. */
    private void enter(State state) {
        int times = state == State.OPEN && phase.state() == State.CLOSED ? 1 : phase.times();
        if (state == State.OPEN && phase.state() == State.HALF_OPEN) {
            times++;
        }
        phase = new Phase(
                state, phase.number() + 1, nanos.getAsLong(), state == State.OPEN ? open(times) : Duration.ZERO, times);
        failuresInARow = 0;
        if (state == State.OPEN) {
            opened = phase.number();
        }
    }

    /**
     * Asks for leave to ask.
     *
     * @param anyway whether it is given also where the circuit is open
     * @return null where it is not given
     */
    @Nullable
    Pass ask(boolean anyway) {
        Phase before;
        Phase after;
        boolean permitted;
        synchronized (this) {
            before = phase;
            permitted = circuit.tryAcquirePermission();
            after = phase;
        }
        tell(before, after);
        return permitted || anyway ? new Pass(after.number(), permitted, after.state() != State.CLOSED) : null;
    }

    /** It goes well so far. */
    void alive() {
        synchronized (this) {
            failuresInARow = 0;
        }
    }

    /** It was answered. */
    void well(Pass pass, long took) {
        change(() -> {
            if (pass.phase() < opened) {
                return;
            }
            failuresInARow = 0;
            if (phase.state() == State.OPEN) {
                circuit.transitionToHalfOpenState();
            }
            circuit.onSuccess(Math.max(0, took), TimeUnit.NANOSECONDS);
        });
    }

    /** It failed. */
    void failed(Pass pass, long took) {
        change(() -> {
            if (pass.phase() != phase.number() || phase.state() == State.OPEN) {
                return;
            }
            failuresInARow++;
            boolean isEnough = phase.state() == State.HALF_OPEN || failuresInARow >= terms.failures();
            circuit.onError(Math.max(0, took), TimeUnit.NANOSECONDS, new Failure());
            if (isEnough && phase.state() != State.OPEN) { // to open it twice would count twice
                circuit.transitionToOpenState();
            }
        });
    }

    /** Nothing can be said of how it went. */
    void nothing(Pass pass) {
        synchronized (this) {
            if (pass.permitted() && pass.phase() == phase.number()) {
                circuit.releasePermission();
            }
        }
    }

    private void change(Runnable step) {
        if (!terms.on()) {
            return;
        }
        Phase before;
        Phase after;
        synchronized (this) {
            before = phase;
            step.run();
            after = phase;
        }
        tell(before, after);
    }

    private void tell(Phase before, Phase after) {
        if (before.number() != after.number()) {
            turned.accept(after);
        }
    }

    Phase phase() {
        return phase;
    }

    Circuit terms() {
        return terms;
    }

    Outlook outlook(long now) {
        Phase current = phase;
        return switch (current.state()) {
            case OPEN -> {
                long left = current.open().toNanos() - (now - current.since());
                // Strictly after its time has passed it is tried again.
                yield left >= 0 ? Outlook.until(Condition.OPEN, Math.max(1, left)) : Outlook.PROBING;
            }
            case HALF_OPEN -> Outlook.PROBING;
            default -> growing(current, now);
        };
    }

    private Outlook growing(Phase closed, long now) {
        long whole = terms.slowStart().toNanos();
        long since = now - closed.since();
        if (closed.times() == 0 || since >= whole) {
            return Outlook.WELL;
        }
        double share = LEAST_SHARE + (1 - LEAST_SHARE) * since / whole;
        return new Outlook(Condition.WELL, 0, Math.min(1, share));
    }

    private static final class Failure extends Exception {
        private static final long serialVersionUID = 1;

        Failure() {
            super(null, null, false, false);
        }
    }
}
