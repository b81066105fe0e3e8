package dev.tollgate.health;

import dev.tollgate.config.Settings;
import dev.tollgate.health.Breaker.Pass;
import dev.tollgate.health.Verdict.Kind;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.provider.Provider;
import dev.tollgate.route.Candidate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Health as this node has seen it, and as other nodes have hinted. */
public final class LocalHealth implements Health {
    /** Targets that are remembered: callers choose the models of wildcard targets, so their number must have an end. */
    static final int MOST_TARGETS = 5_000;

    private final LongSupplier nanos;
    private final InstantSource clock;
    private final Notices notices;
    private final Map<String, ProviderHealth> providers = new ConcurrentHashMap<>();
    private final AtomicInteger targets = new AtomicInteger();
    private final AtomicBoolean forgetting = new AtomicBoolean();
    private volatile Map<String, Provider> configured = Map.of();
    private volatile Set<String> labels = Set.of();

    /**
     * @param nanos a monotonic clock
     * @param clock the time of day, for what providers say in it
     */
    public LocalHealth(LongSupplier nanos, InstantSource clock, HealthEvents events) {
        this.nanos = nanos;
        this.clock = clock;
        this.notices = new Notices(events);
    }

    /** Exchanges hints with other nodes from now on. Called once. */
    public void join(Hints hints) {
        notices.join(hints);
        hints.hear((subject, text) -> HintText.read(subject, text).ifPresent(this::hinted));
    }

    /** A configuration is in force: what is known of providers that it does not name is forgotten. */
    public void keep(Settings settings) {
        configured = settings.providers();
        labels = settings.models().values().stream()
                .flatMap(model -> Stream.concat(model.targets().stream(), model.fallback().stream()))
                .map(target -> new Who(target.provider(), target.model(), "").label())
                .collect(Collectors.toUnmodifiableSet());
        providers.forEach((name, health) -> {
            Provider provider = settings.providers().get(name);
            if (provider == null) {
                forget(name, health);
            } else {
                health.keep(provider);
            }
        });
    }

    private void forget(String name, ProviderHealth health) {
        if (providers.remove(name, health)) {
            targets.addAndGet(-health.targets().size());
        }
    }

    /** A health check has asked a provider whether it is well. */
    public void checked(Provider provider, boolean well) {
        provider(provider.name()).checked(well);
    }

    @Override
    public Standing standing(Candidate target) {
        Provider provider = target.provider();
        ProviderHealth known = providers.get(provider.name());
        if (known == null) {
            return Standing.UNKNOWN;
        }
        long now = nanos.getAsLong();
        TargetHealth health = known.targets().get(target.model());
        Outlook best = best(known, health, provider, now);
        return health == null ? standing(best) : health.standing(best, now);
    }

    @Override
    public boolean isReliable(Candidate target) {
        ProviderHealth known = providers.get(target.provider().name());
        TargetHealth health = known == null ? null : known.targets().get(target.model());
        return health != null && health.recent().isReliable();
    }

    private static Outlook best(ProviderHealth known, @Nullable TargetHealth health, Provider provider, long now) {
        Outlook best = null;
        for (NamedCredential credential : provider.credentials()) {
            Outlook outlook = known.outlook(provider, health, credential, now);
            best = best == null ? outlook : best.or(outlook);
        }
        return best == null ? Outlook.WELL : best;
    }

    private static Standing standing(Outlook outlook) {
        return new Standing(
                outlook.condition(), outlook.time(), outlook.share(), 0, OptionalLong.empty(), OptionalLong.empty());
    }

    @Override
    public List<NamedCredential> credentials(Candidate target, boolean lastStanding) {
        List<NamedCredential> all = target.provider().credentials();
        ProviderHealth known = provider(target.provider().name());
        TargetHealth health = known.targets().get(target.model());
        long now = nanos.getAsLong();
        List<NamedCredential> usable = new ArrayList<>(all.size());
        for (NamedCredential one : all) {
            if (known.outlook(target.provider(), health, one, now).isUsable()) {
                usable.add(one);
            }
        }
        List<NamedCredential> order = usable.size() < 2 ? usable : known.turn().order(usable);
        if (lastStanding && order.size() < all.size()) {
            all.stream()
                    .filter(one -> !usable.contains(one))
                    .sorted(Comparator.comparingLong(one ->
                            known.outlook(target.provider(), health, one, now).left()))
                    .forEach(order::add);
        }
        return order;
    }

    @Override
    public Optional<Trial> begin(Candidate target, NamedCredential credential, boolean lastStanding) {
        Provider provider = target.provider();
        ProviderHealth known = provider(provider.name());
        if (known.isUnhealthy(provider) && !lastStanding) {
            return Optional.empty();
        }
        long now = nanos.getAsLong();
        Who who = new Who(provider.name(), target.model(), credential.name());
        TargetHealth health = target(known, target.model(), now);
        Access access = known.access(health, who, provider, credential);
        Trial trial = isAdmitted(health, access, lastStanding, now) ? pass(who, health, access, lastStanding) : null;
        if (trial != null && provider.credentials().size() > 1) {
            known.turn().take(credential);
        }
        return Optional.ofNullable(trial);
    }

    private static boolean isAdmitted(TargetHealth health, Access access, boolean lastStanding, long now) {
        if (lastStanding) {
            return health.coolDown().admitsLast(now)
                    && access.credential().coolDown().admitsLast(now)
                    && access.coolDown().admitsLast(now);
        }
        boolean isCrowded = access.isHinted(now) && health.inFlight().get() >= Breaker.PROBES;
        return !isCrowded && health.coolDown().outlook(now).isUsable() && access.cooling(now) == 0;
    }

    private @Nullable Trial pass(Who who, TargetHealth health, Access access, boolean lastStanding) {
        Pass addressPass = access.address().ask(lastStanding);
        if (addressPass == null) {
            return null;
        }
        Pass pass = access.breaker().ask(lastStanding);
        if (pass == null) {
            access.address().nothing(addressPass);
            return null;
        }
        return new SeenTrial(who, health, access, addressPass, pass, nanos, clock, notices);
    }

    private ProviderHealth provider(String name) {
        ProviderHealth known = providers.get(name);
        return known != null ? known : providers.computeIfAbsent(name, unknown -> new ProviderHealth(nanos, notices));
    }

    private TargetHealth target(ProviderHealth provider, String model, long now) {
        TargetHealth known = provider.targets().get(model);
        if (known == null) {
            known = provider.targets().computeIfAbsent(model, unknown -> {
                targets.incrementAndGet();
                return new TargetHealth(now);
            });
            known.used(now);
            if (targets.get() > MOST_TARGETS) {
                forgetSome(now);
            }
        }
        known.used(now);
        return known;
    }

    /** Forgets a quarter of the targets that nobody asks now: those that are well first, and of them the longest unasked. */
    private void forgetSome(long now) {
        if (!forgetting.compareAndSet(false, true)) {
            return;
        }
        try {
            List<Idle> idle = new ArrayList<>();
            providers
                    .values()
                    .forEach(provider -> provider.targets().forEach((model, target) -> {
                        if (target.idle(now) > 0) {
                            idle.add(new Idle(provider, model, target, target.isWell(now), target.idle(now)));
                        }
                    }));
            idle.sort(Comparator.comparing(Idle::isWell)
                    .thenComparing(Idle::nanos)
                    .reversed());
            idle.stream().limit(MOST_TARGETS / 4).forEach(this::forget);
        } finally {
            forgetting.set(false);
        }
    }

    private void forget(Idle idle) {
        if (idle.provider().targets().remove(idle.model(), idle.target())) {
            targets.decrementAndGet();
        }
    }

    private record Idle(ProviderHealth provider, String model, TargetHealth target, boolean isWell, long nanos) {}

    private void hinted(HintText hint) {
        Provider provider = configured.get(hint.provider());
        if (provider == null) {
            return;
        }
        provider.credentials().stream()
                .filter(one -> one.name().equals(hint.credential()))
                .findFirst()
                .ifPresent(credential -> hinted(hint, provider, credential));
    }

    private void hinted(HintText hint, Provider provider, NamedCredential credential) {
        long now = nanos.getAsLong();
        ProviderHealth known = provider(provider.name());
        long left = hint.left().toNanos();
        if (hint.topic() == HintText.Topic.CREDENTIAL) {
            hinted(known.credential(credential).coolDown(), hint.kind(), hint, now);
            return;
        }
        Who who = new Who(provider.name(), hint.model(), credential.name());
        Access access = known.access(target(known, hint.model(), now), who, provider, credential);
        if (hint.topic() == HintText.Topic.LIMIT) {
            hinted(access.coolDown(), hint.kind(), hint, now);
        } else if (left > 0) {
            access.hinted(left, now);
        } else {
            access.recanted();
        }
    }

    private static void hinted(CoolDown coolDown, @Nullable Kind kind, HintText hint, long now) {
        if (kind == null) {
            coolDown.recanted();
        } else {
            coolDown.hinted(kind, hint.left().toNanos(), hint.isSaid(), now);
        }
    }

    /** How many targets are remembered. */
    int targets() {
        return targets.get();
    }

    /** How all targets stand that are remembered, with each of the credentials they were asked with. */
    public List<TargetState> states() {
        long now = nanos.getAsLong();
        List<TargetState> states = new ArrayList<>();
        providers.forEach((provider, health) -> health.targets()
                .forEach((model, target) -> target.accesses()
                        .forEach((credential, access) ->
                                states.add(state(new Who(provider, model, credential), target, access, now)))));
        return states;
    }

    private TargetState state(Who who, TargetHealth target, Access access, long now) {
        long cooling = access.cooling(now);
        return new TargetState(
                who.provider(),
                who.model(),
                who.credential(),
                labels.contains(who.label()),
                circuit(access.breaker().outlook(now).and(access.address().outlook(now))),
                cooling > 0 ? Optional.of(Duration.ofNanos(cooling)) : Optional.empty(),
                target.inFlight().get(),
                target.pace().expected(target.waiting().longest(now), now),
                access.lastFailure());
    }

    private static TargetState.Circuit circuit(Outlook outlook) {
        return switch (outlook.condition()) {
            case OPEN -> TargetState.Circuit.OPEN;
            case PROBING -> TargetState.Circuit.HALF_OPEN;
            default -> TargetState.Circuit.CLOSED;
        };
    }
}
