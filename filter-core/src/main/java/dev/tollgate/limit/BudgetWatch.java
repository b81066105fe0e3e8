package dev.tollgate.limit;

import dev.tollgate.limit.Allowance.Shape;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells when an amount of a budget has been spent: once in a window, whichever node of the cluster notices it. What calls under
 * way may spend counts as spent.
 */
final class BudgetWatch {
    private static final int MOST_TOLD = 10_000;

    private final LimitStore store;
    private final InstantSource clock;
    private final LimitEvents events;

    /** What this node has asked about, until when: it need not ask again. */
    private final Map<String, Instant> asked = new ConcurrentHashMap<>();

    BudgetWatch(LimitStore store, InstantSource clock, LimitEvents events) {
        this.store = store;
        this.clock = clock;
        this.events = events;
    }

    /** Notes how much of a budget is spent. */
    void spent(Claim claim, long used) {
        for (long soft : claim.soft()) {
            if (used >= soft) {
                String whole = Dollars.text(claim.capacity()) + " USD this " + Periods.name(claim.span());
                tell(claim, Dollars.text(soft), claim.whose() + " has spent " + Dollars.text(soft) + " of " + whole);
            }
        }
    }

    /**
     * Notes that a budget does not let a call through, or would not.
     *
     * @param why as the caller is told
     */
    void exhausted(Claim claim, String why) {
        String what = claim.manner() == Manner.ENFORCED ? "calls are refused: " : "calls would be refused: ";
        tell(claim, "all", what + why);
    }

    private CompletionStage<Boolean> asked(String event, Instant until) {
        try {
            return store.first(event, until);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void tell(Claim claim, String what, String story) {
        Instant ends = ((Shape.Window) claim.allowance().shape()).ends();
        String event = claim.name() + "|" + what;
        if (asked.size() >= MOST_TOLD) {
            asked.values().removeIf(until -> !clock.instant().isBefore(until));
        }
        if (asked.size() >= MOST_TOLD || asked.putIfAbsent(event, ends) != null) {
            return;
        }
        asked(event, ends).whenComplete((first, failure) -> {
            // A cluster that cannot answer now is asked again; better told twice than never.
            if (failure != null) {
                asked.remove(event);
            } else if (first) {
                events.threshold(claim.per(), claim.whose(), story);
            }
        });
    }
}
