package dev.tollgate.forward;

import dev.tollgate.provider.Handling;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.HttpHost;

/** One {@link Bulkhead} for each address of each provider, and what is held there. */
final class Doors {

    /**
     * Where calls go in.
     *
     * @param provider the name it has in the configuration
     * @param address scheme, host and port
     */
    record Door(String provider, HttpHost address) {}

    private record Place(Bulkhead bulkhead, Allowed allowed) {}

    /** What the newest settings allow; calls of an older configuration are counted with the rest. */
    private static final class Allowed {
        private volatile Handling.Transport settings;

        Allowed(Handling.Transport settings) {
            this.settings = settings;
        }
    }

    private final PoolLimits limits;
    private final Map<Door, Place> places = new ConcurrentHashMap<>();

    Doors(PoolLimits limits) {
        this.limits = limits;
    }

    Bulkhead at(Door door, Handling.Transport settings) {
        Place place = places.computeIfAbsent(door, added -> place(settings));
        place.allowed().settings = settings;
        return place.bulkhead();
    }

    private Place place(Handling.Transport settings) {
        Allowed allowed = new Allowed(settings);
        Bulkhead bulkhead =
                new Bulkhead(() -> limits.connections(allowed.settings), () -> limits.waiting(allowed.settings));
        return new Place(bulkhead, allowed);
    }

    /** Forgets the doors of all other providers where nobody is any more. */
    void keep(Set<String> providers) {
        places.entrySet()
                .removeIf(at -> !providers.contains(at.getKey().provider())
                        && at.getValue().bulkhead().inside() == 0
                        && at.getValue().bulkhead().waiting() == 0);
    }

    /** What is held at each provider. */
    List<UpstreamUse> use(Transports transports) {
        Map<String, UpstreamUse> uses = new TreeMap<>();
        places.forEach((door, place) -> uses.merge(
                door.provider(),
                new UpstreamUse(
                        door.provider(),
                        place.bulkhead().inside(),
                        transports.idle(Wiring.of(place.allowed().settings), door.address()),
                        place.bulkhead().waiting()),
                UpstreamUse::plus));
        return List.copyOf(uses.values());
    }
}
