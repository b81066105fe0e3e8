package dev.tollgate.limit;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.access.Caller;
import dev.tollgate.config.ModelNames;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.config.Settings.Priority;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a configuration. Every limit that concerns a call must let it through: a call by a key of a team takes from
 * the key's allowance and from the team's.
 *
 * <p>What has been used is kept in the store and the slots, which outlive the configuration. A limit whose amount is changed
 * goes on with what has been used of it; one whose period is changed begins anew.
 */
public final class RuleLimits implements Limits {
    private static final Logger LOG = System.getLogger(RuleLimits.class.getName());
    private static final long FAILURES_PER_WARNING = 1_000;

    private final List<Rule> rules;
    private final ModelNames models;
    private final LimitStore store;
    private final Slots slots;
    private final InstantSource clock;
    private final Reservation.Watch watch;
    private final AtomicLong failures = new AtomicLong();

    /**
     * @param store where what is used up is counted
     * @param slots where calls under way are counted
     * @param nodes how many nodes share them
     * @param clock the time of day, for windows of the calendar
     * @param events told of what happens at limits
     */
    public RuleLimits(
            Settings settings, LimitStore store, Slots slots, int nodes, InstantSource clock, LimitEvents events) {
        // With two nodes none is the majority when they lose each other: each goes on with its half.
        OnLoss usual = nodes == 2 ? OnLoss.SHARE : OnLoss.STRICT;
        this.rules =
                settings.limits().stream().map(limit -> new Rule(limit, usual)).toList();
        this.models = new ModelNames(settings.models().values());
        this.store = store;
        this.slots = slots;
        this.clock = clock;
        this.watch = new Told(new BudgetWatch(store, clock, events), events);
    }

    @Override
    public CompletionStage<Permit> reserve(Demand demand) {
        try {
            Claims claims = claims(demand);
            return new Reservation(store, watch, demand.amount())
                    .reserve(slots, List.copyOf(claims.slots.values()), List.copyOf(claims.amounts.values()));
        } catch (Refusal unpriced) {
            return CompletableFuture.failedStage(unpriced);
        }
    }

    private Claims claims(Demand demand) {
        String model = configured(demand);
        Instant now = clock.instant();
        Claims claims = new Claims();
        rules.forEach(rule -> claims.add(rule, demand, model, now));
        return claims;
    }

    // Counted by the configured name: a pattern's callers could otherwise get a new allowance with every new name.
    private @Nullable String configured(Demand demand) {
        return models.find(demand.model()).map(match -> match.model().name()).orElse(null);
    }

    /** What a call claims. Of claims that are counted under one name only the strictest, so that none counts twice. */
    private static final class Claims {
        private final Map<String, SlotClaim> slots = new LinkedHashMap<>();
        private final Map<String, Claim> amounts = new LinkedHashMap<>();

        void add(Rule rule, Demand demand, @Nullable String model, Instant now) {
            rule.slotClaim(demand, model).ifPresent(claim -> slots.merge(claim.name(), claim, SlotClaim::stricter));
            rule.claims(demand, model, now).forEach(claim -> amounts.merge(claim.name(), claim, Claim::stricter));
        }
    }

    @Override
    public CompletionStage<Outlook> look(Demand demand) {
        String model = configured(demand);
        Instant now = clock.instant();
        Claims claims = new Claims();
        Refusal unpriced = null;
        for (Rule rule : rules) {
            try {
                claims.add(rule, demand, model, now);
            } catch (Refusal refusal) {
                unpriced = unpriced == null ? refusal : unpriced;
            }
        }
        return look(claims, demand.amount(), Optional.ofNullable(unpriced));
    }

    private CompletionStage<Outlook> look(Claims claims, Amount wanted, Optional<Refusal> unpriced) {
        List<Prospect> prospects = new ArrayList<>();
        claims.slots
                .values()
                .forEach(claim -> prospects.add(Prospect.of(claim, slots.free(claim.name(), claim.most()))));
        CompletionStage<List<Prospect>> all = CompletableFuture.completedStage(prospects);
        for (Claim claim : claims.amounts.values()) {
            all = all.thenCombine(look(claim, wanted), RuleLimits::with);
        }
        return all.thenApply(each -> new Outlook(each, unpriced));
    }

    private static <T> List<T> with(List<T> list, T more) {
        list.add(more);
        return list;
    }

    private CompletionStage<Prospect> look(Claim claim, Amount wanted) {
        OptionalLong remaining = store.remaining(claim.allowance());
        long needed = claim.unit().of(wanted);
        if (needed == 0) {
            return CompletableFuture.completedStage(Prospect.of(claim, wanted, remaining, 0));
        }
        return store.waitNanos(claim.allowance(), needed, claim.leaving())
                .handle((nanos, failure) -> Prospect.of(claim, wanted, remaining, failure == null ? nanos : -1));
    }

    @Override
    public void seed(Stream<PastUse> uses) {
        Instant now = clock.instant();
        Map<String, Allowance> windows = new HashMap<>();
        Map<String, Long> charged = new HashMap<>();
        uses.forEach(use -> {
            for (Rule rule : rules) {
                for (Claim claim : rule.claimsOn(demandOf(use), use.at(), now)) {
                    windows.put(claim.name(), claim.allowance());
                    charged.merge(claim.name(), claim.unit().of(use.amount()), Long::sum);
                }
            }
        });
        windows.forEach((name, window) -> store.seed(window, charged.getOrDefault(name, 0L)));
    }

    private static Demand demandOf(PastUse use) {
        Caller caller = new Caller(use.key(), use.team(), use.user(), List.of());
        return new Demand(caller, use.model(), "", use.provider(), use.amount(), Priority.INTERACTIVE);
    }

    // One in many: during an outage every call fails, and each has a line of its own where it is answered.
    private void noteFailure(Throwable failure) {
        if (failures.getAndIncrement() % FAILURES_PER_WARNING == 0) {
            LOG.log(Level.WARNING, "limits cannot be checked: {0}", failure.toString());
        }
    }

    private final class Told implements Reservation.Watch {
        private final BudgetWatch budgets;
        private final LimitEvents events;

        private Told(BudgetWatch budgets, LimitEvents events) {
            this.budgets = budgets;
            this.events = events;
        }

        @Override
        public void failed(Throwable failure) {
            noteFailure(failure);
        }

        @Override
        public void refused(Claim claim, Manner manner, Refusal refusal) {
            if (refusal.code() == ErrorCode.POLICY_BUDGET_EXCEEDED) {
                budgets.exhausted(claim, refusal.message());
            }
            if (manner != Manner.TOLD) {
                events.refused(
                        claim.per(), claim.unit().word(), Reservation.mode(manner), claim.limit(), refusal.message());
            }
        }

        @Override
        public void refused(SlotClaim claim) {
            events.refused(
                    claim.per(),
                    "calls",
                    Reservation.mode(claim.manner()),
                    claim.limit(),
                    claim.refusal().message());
        }

        @Override
        public void spent(Claim claim, long used) {
            budgets.spent(claim, used);
        }
    }
}
