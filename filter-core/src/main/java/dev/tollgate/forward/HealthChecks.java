package dev.tollgate.forward;

import dev.tollgate.credential.Authorizer;
import dev.tollgate.provider.Provider;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/** Asks providers now and then whether they are well, where the operator wants that. */
public final class HealthChecks implements AutoCloseable {
    private final Upstreams upstreams;
    private final Authorizer authorizer;
    private final ScheduledExecutorService timers;
    private final LongSupplier random;
    private final String userAgent;
    private final Verdicts verdicts;
    private final Map<String, HealthProbe> probes = new HashMap<>();
    private boolean closed;

    /** Hears how providers are; called from any thread. */
    public interface Verdicts {
        void checked(Provider provider, boolean well);
    }

    /**
     * @param upstreams not closed by this
     * @param timers says when; what it runs is short
     * @param random 64 random bits at a time, safe to call from any thread
     * @param version the gateway's version, for the user agent
     */
    public HealthChecks(
            Upstreams upstreams,
            Authorizer authorizer,
            ScheduledExecutorService timers,
            LongSupplier random,
            String version,
            Verdicts verdicts) {
        this.upstreams = upstreams;
        this.authorizer = authorizer;
        this.timers = timers;
        this.random = random;
        this.userAgent = "tollgate/" + version;
        this.verdicts = verdicts;
    }

    /** Asks these from now on, as far as they want that, and no others. Those that are as they were are not asked anew. */
    public synchronized void keep(Collection<Provider> providers) {
        Map<String, HealthProbe> before = new HashMap<>(probes);
        probes.clear();
        for (Provider provider : providers) {
            if (!closed && isAsked(provider)) {
                HealthProbe same = before.get(provider.name());
                probes.put(provider.name(), same != null && same.isOf(provider) ? same : begin(provider));
            }
        }
        before.values().stream().filter(probe -> !probes.containsValue(probe)).forEach(HealthProbe::stop);
    }

    private static boolean isAsked(Provider provider) {
        String scheme = String.valueOf(provider.baseUrl().getScheme());
        return provider.handling().healthCheck().isPresent() && scheme.startsWith("http");
    }

    private HealthProbe begin(Provider provider) {
        HealthProbe probe = new HealthProbe(this, provider);
        probe.begin();
        return probe;
    }

    Upstreams upstreams() {
        return upstreams;
    }

    Authorizer authorizer() {
        return authorizer;
    }

    ScheduledExecutorService timers() {
        return timers;
    }

    String userAgent() {
        return userAgent;
    }

    Verdicts verdicts() {
        return verdicts;
    }

    /** A number from 0 to below a bound. */
    long below(long bound) {
        return Math.floorMod(random.getAsLong(), Math.max(1, bound));
    }

    @Override
    public synchronized void close() {
        closed = true;
        probes.values().forEach(HealthProbe::stop);
        probes.clear();
    }
}
