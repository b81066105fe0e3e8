package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.health.Health;
import dev.tollgate.health.Standing;
import dev.tollgate.retry.Backoff;
import dev.tollgate.route.Ranking;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a call is told that nobody answers: the most telling of what went wrong, or else why nobody was asked. Used only in the
 * call's lane.
 */
final class Excuse {
    private final Call call;
    private final Health health;
    private final Backoff backoff;
    /** Made when it is told, since who is told of a full target counts as refused for it. */
    private @Nullable Supplier<Refusal> unasked;

    private @Nullable Shortfall worst;

    Excuse(Forwarder forwarder, Call call) {
        this.call = call;
        this.health = forwarder.health;
        this.backoff = forwarder.retries.backoff();
    }

    /** No target can do what the call needs. */
    void excluded(Ranking ranking) {
        unasked = () -> Unasked.excluded(call, ranking);
    }

    /** A target could not be asked; the first time counts. */
    void passedOver(Supplier<Refusal> why) {
        unasked = unasked == null ? why : unasked;
    }

    /** Others are asked now, and what was before does not matter. */
    void forget() {
        unasked = null;
        worst = null;
    }

    /** A try has not answered. */
    void fell(Shortfall shortfall) {
        worst = worst == null ? shortfall : worst.orMoreTelling(shortfall);
    }

    /** Whether it is known why nobody was asked. */
    boolean isThere() {
        return unasked != null;
    }

    /** @param credentialsRunOut whether the gateway's credentials have been used up */
    Refusal told(boolean credentialsRunOut) {
        Shortfall shortfall = worst;
        if (shortfall == null) {
            return unasked == null ? Unasked.unable(call) : unasked.get();
        }
        Refusal refusal = shortfall.refusal();
        if (refusal.code() == ErrorCode.PROVIDER_AUTH_FAILED && credentialsRunOut) {
            return new Refusal(
                    ErrorCode.PROVIDER_AUTH_FAILED,
                    refusal.message() + "; the gateway's other credentials for this model are used up too");
        }
        boolean unknownWait = shortfall.kind() == Shortfall.Kind.OVERLOADED
                && refusal.retryAfter().isEmpty();
        return unknownWait ? refusal.retryAfter(backoff.overload()) : refusal;
    }

    // --- where all targets are let be

    /** How long the first of these is let be. */
    Optional<Duration> shortestWait(List<Choice> letBe) {
        return letBe.stream()
                .flatMap(each -> health.standing(each.candidate()).left().stream())
                .min(Duration::compareTo);
    }

    /** None of these is to be asked now, whoever asks. */
    Refusal letBe(List<Choice> letBe) {
        if (unasked != null) {
            return unasked.get();
        }
        Optional<Duration> wait = shortestWait(letBe);
        boolean byLimits = letBe.stream()
                .map(each -> health.standing(each.candidate()).condition())
                .anyMatch(each -> each == Standing.Condition.COOLING || each == Standing.Condition.SPENT);
        if (byLimits) {
            Refusal refusal = new Refusal(
                    ErrorCode.PROVIDER_RATE_LIMITED,
                    "the providers of this model have asked to be let be for a while, and were not asked again");
            return wait.map(refusal::retryAfter).orElse(refusal);
        }
        return new Refusal(
                        ErrorCode.PROVIDER_OVERLOADED,
                        "the targets of this model are coming back, and have as many calls as they get meanwhile")
                .retryAfter(wait.orElseGet(backoff::overload));
    }
}
