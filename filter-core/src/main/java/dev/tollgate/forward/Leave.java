package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.health.Health;
import dev.tollgate.retry.Retries;
import dev.tollgate.retry.RetryBudget;
import org.jspecify.annotations.Nullable;

/** The leave of one call to be tried once more, which it takes from what all calls have together. */
final class Leave {
    private final Call call;
    private final Health health;
    private final Retries retries;

    Leave(Forwarder forwarder, Call call) {
        this.call = call;
        this.health = forwarder.health;
        this.retries = forwarder.retries;
    }

    /** Counts the call. */
    void called() {
        retries.budget().called(tenant());
        retries.hedges().called();
    }

    /** Who is kept from having too much tried again: a team as a whole. */
    private String tenant() {
        String team = call.caller().team();
        String key = call.caller().key();
        return team != null ? "team " + team : key != null ? "key " + key : "";
    }

    /**
     * Whether it may be tried once more. Targets that answer nearly always may have what others let fall: nothing that would
     * fail is repeated there.
     *
     * @param next whom to ask; null for the same one again
     */
    boolean isGranted(@Nullable Choice next) {
        if (next != null && health.isReliable(next.candidate())) {
            return true;
        }
        RetryBudget.Spent spent = retries.budget().retry(tenant());
        if (spent != null) {
            TryLog.notAgain(call);
            retries.events().refused(spent);
        }
        return spent == null;
    }
}
