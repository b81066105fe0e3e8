package dev.tollgate.limit;

import dev.tollgate.config.ModelNames;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.OnLoss;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The limits of a configuration. Every limit that concerns a call must let it through: a call by a key of a team takes from
 * the key's bucket and from the team's.
 *
 * <p>What has been used is kept in the store and the slots, which outlive the configuration. A limit whose amount is changed
 * goes on with the same share of it used; one whose period is changed begins anew.
 */
public final class RuleLimits implements Limits {
    private static final Logger LOG = System.getLogger(RuleLimits.class.getName());
    private static final long FAILURES_PER_WARNING = 1_000;

    private final List<Rule> rules;
    private final ModelNames models;
    private final LimitStore store;
    private final Slots slots;
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
    }

    @Override
    public CompletionStage<Permit> reserve(Demand demand) {
        // Counted by the configured name: a pattern's callers could otherwise get a new allowance with every new name.
        String model =
                models.find(demand.model()).map(match -> match.model().name()).orElse(null);
        List<SlotClaim> slotClaims =
                strictest(rule -> rule.slotClaim(demand, model), SlotClaim::name, SlotClaim::stricter);
        List<RequestClaim> requestClaims = strictest(
                rule -> rule.requestClaim(demand, model),
                claim -> claim.allowance().name(),
                RequestClaim::stricter);
        return new Reservation(store, this::noteFailure).reserve(slots, slotClaims, requestClaims);
    }

    @Override
    public void seed(Stream<PastUse> uses) {}

    // One in many: during an outage every call fails, and each has a line of its own where it is answered.
    private void noteFailure(Throwable failure) {
        if (failures.getAndIncrement() % FAILURES_PER_WARNING == 0) {
            LOG.log(Level.WARNING, "limits cannot be checked: {0}", failure.toString());
        }
    }

    /** The claims of all rules; of those that are counted under one name only the strictest, so that none counts twice. */
    private <C> List<C> strictest(
            Function<Rule, Optional<C>> claim, Function<C, String> name, BinaryOperator<C> stricter) {
        Map<String, C> claims = new LinkedHashMap<>();
        for (Rule rule : rules) {
            claim.apply(rule).ifPresent(each -> claims.merge(name.apply(each), each, stricter));
        }
        return List.copyOf(claims.values());
    }
}
