package dev.tollgate.health;

import dev.tollgate.health.Standing.Condition;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.provider.Provider;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a provider is doing: its address, its credentials and its targets. */
final class ProviderHealth {
    private static final Outlook UNHEALTHY = new Outlook(Condition.UNHEALTHY, 0, 1);

    private final LongSupplier nanos;
    private final Notices notices;
    private final Map<String, CredentialHealth> credentials = new ConcurrentHashMap<>();
    private final Map<String, TargetHealth> targets = new ConcurrentHashMap<>();
    private final Turn turn = new Turn();
    private volatile @Nullable Address address;
    private volatile boolean isUnhealthy;

    /** Where it is reached, and the circuit of all that is there. */
    private record Address(URI url, Breaker breaker) {
        boolean isOf(Provider provider) {
            return url.equals(provider.baseUrl())
                    && breaker.terms().equals(provider.handling().circuit());
        }
    }

    ProviderHealth(LongSupplier nanos, Notices notices) {
        this.nanos = nanos;
        this.notices = notices;
    }

    Map<String, TargetHealth> targets() {
        return targets;
    }

    Turn turn() {
        return turn;
    }

    /** Forgets credentials that the provider no longer has. */
    void keep(Provider provider) {
        Set<String> names =
                provider.credentials().stream().map(NamedCredential::name).collect(Collectors.toSet());
        credentials.keySet().retainAll(names);
        targets.values().forEach(target -> target.accesses().keySet().retainAll(names));
        turn.keep(names);
    }

    void checked(boolean well) {
        isUnhealthy = !well;
    }

    /** Whether its health check says that it is not to be asked. */
    boolean isUnhealthy(Provider provider) {
        return isUnhealthy && provider.handling().healthCheck().isPresent();
    }

    /** The circuit of its address, which begins anew when its address or the terms change. */
    Breaker address(Provider provider) {
        Address current = address;
        return current != null && current.isOf(provider) ? current.breaker() : newAddress(provider);
    }

    private synchronized Breaker newAddress(Provider provider) {
        Address current = address;
        if (current != null && current.isOf(provider)) {
            return current.breaker();
        }
        String where = String.valueOf(provider.baseUrl().getRawAuthority());
        Breaker breaker = new Breaker(
                provider.handling().circuit(), nanos, phase -> notices.turned(provider.name(), where, phase));
        address = new Address(provider.baseUrl(), breaker);
        return breaker;
    }

    /** How one of its credentials is doing, which begins anew when it is another. */
    CredentialHealth credential(NamedCredential named) {
        CredentialHealth current = credentials.get(named.name());
        return current != null && current.isOf(named)
                ? current
                : credentials.compute(
                        named.name(),
                        (name, before) -> before != null && before.isOf(named) ? before : new CredentialHealth(named));
    }

    /** How a target is got at with one of its credentials. */
    Access access(TargetHealth target, Who who, Provider provider, NamedCredential named) {
        Breaker to = address(provider);
        CredentialHealth with = credential(named);
        Access current = target.accesses().get(named.name());
        return current != null && current.isOf(to, with)
                ? current
                : target.accesses()
                        .compute(
                                named.name(),
                                (name, before) ->
                                        before != null && before.isOf(to, with) ? before : newAccess(who, to, with));
    }

    private Access newAccess(Who who, Breaker to, CredentialHealth with) {
        return new Access(to, with, new Breaker(to.terms(), nanos, phase -> notices.turned(who, phase)));
    }

    /** Whether a target can be asked with a credential, by all that is known. */
    Outlook outlook(Provider provider, @Nullable TargetHealth target, NamedCredential named, long now) {
        Outlook outlook = isUnhealthy(provider) ? UNHEALTHY : Outlook.WELL;
        Address at = address;
        boolean isThere = at != null && at.isOf(provider);
        if (at != null && isThere) {
            outlook = outlook.and(at.breaker().outlook(now));
        }
        CredentialHealth with = credentials.get(named.name());
        if (with != null && with.isOf(named)) {
            outlook = outlook.and(with.coolDown().outlook(now));
            Access access = target == null ? null : target.accesses().get(named.name());
            if (access != null && at != null && isThere && access.isOf(at.breaker(), with)) {
                outlook = outlook.and(access.outlook(now));
            }
        }
        return target == null ? outlook : outlook.and(target.coolDown().outlook(now));
    }
}
