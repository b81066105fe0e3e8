package dev.tollgate.forward;

import dev.tollgate.Refusal;
import dev.tollgate.retry.Retries;
import dev.tollgate.retry.RetryEvents.Hedge;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks a second target of a call beside the first, when that has shown nothing for longer than it takes nineteen times of twenty.
 * The first answer that is good is the caller's; the other attempt is given up, and charged what it may have cost. Used only in
 * the call's lane.
 */
final class Hedging {
    private final Tries tries;
    private final Asking asking;
    private final Retries retries;
    private final Alarm alarm;
    /** Which attempt of the call the hedge is, while it is under way. */
    private int number;

    Hedging(Tries tries) {
        this.tries = tries;
        this.asking = tries.asking();
        this.retries = tries.forwarder().retries;
        this.alarm = new Alarm(tries.forwarder().timers, tries.lane());
    }

    /** Watches the first try of a call. */
    void watch(Try begun) {
        if (begun.admission().number() > 1
                || !tries.control().hedge()
                || !tries.control().fallback()) {
            return;
        }
        OptionalLong slow = tries.forwarder().health.standing(begun.candidate()).slowFirstTokenNanos();
        if (slow.isPresent() && slow.getAsLong() < tries.nanosLeft() && asking.mayBeHedged()) {
            alarm.set(slow.getAsLong(), () -> hedge(begun));
        }
    }

    void stop() {
        alarm.stop();
    }

    private void hedge(Try slow) {
        Choice next = tries.agenda().peek();
        if (next == null || !tries.isUnderWay(slow) || slow.hasShown() || !tries.mayHedge() || !asking.isReady(next)) {
            return;
        }
        Admission admission = null;
        if (retries.hedges().take()) {
            Function<Admission, Try> draft = draft(tries.agenda().take());
            admission = draft == null ? null : tries.admit(next);
            if (draft != null && admission != null) {
                number = admission.number();
                tries.start(admission, draft);
                return;
            }
        }
        refused();
    }

    /** What cannot be said to one target may still be answered by the other, which is under way. */
    private @Nullable Function<Admission, Try> draft(Choice choice) {
        try {
            return asking.draft(choice);
        } catch (Refusal cannotBeSaid) {
            return null;
        }
    }

    /** The hedge is not made. */
    void refused() {
        number = 0;
        retries.events().hedged(Hedge.REFUSED);
    }

    /** A try has answered. */
    void served(Try by) {
        if (number > 0) {
            retries.events().hedged(by.admission().number() == number ? Hedge.WON : Hedge.LOST);
            number = 0;
        }
    }

    /** A try has failed. */
    void fell(Try by) {
        if (number > 0 && by.admission().number() == number) {
            retries.events().hedged(Hedge.FAILED);
            number = 0;
        }
    }
}
