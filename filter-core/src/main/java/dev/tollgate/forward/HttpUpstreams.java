package dev.tollgate.forward;

import dev.tollgate.meter.PrometheusSink;
import dev.tollgate.provider.Handling;
import dev.tollgate.provider.Provider;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over HTTP: each through the {@link Bulkhead} of its provider, and then by the client that its provider's
 * settings ask for.
 */
public final class HttpUpstreams implements Upstreams {
    /** What a provider may have sent that has not been passed on yet, in bytes. */
    static final int WINDOW = 32 * 1024;

    /** The same over HTTP/2, where it is all that may be on its way, so that it bounds the speed over long distances. */
    static final int HTTP_2_WINDOW = 64 * 1024;

    private final ScheduledExecutorService timers;
    private final Addresses addresses;
    private final Transports transports;
    private final Doors doors;
    private final ScheduledFuture<?> eviction;
    private final Set<HttpFlight> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param timers runs deadlines and evicts idle connections; not closed by this */
    public HttpUpstreams(PoolLimits limits, ScheduledExecutorService timers) {
        this(limits, timers, InetAddress::getAllByName);
    }

    HttpUpstreams(PoolLimits limits, ScheduledExecutorService timers, Addresses.Lookup lookup) {
        this.timers = timers;
        this.addresses = new Addresses(lookup, System::nanoTime);
        this.transports = new Transports(addresses);
        this.doors = new Doors(limits);
        this.eviction = timers.scheduleWithFixedDelay(transports::evict, 10, 10, TimeUnit.SECONDS);
    }

    @Override
    public Flight send(UpstreamRequest request, UpstreamListener listener) {
        Handling.Transport settings = request.provider().handling().transport();
        HttpHost target = target(request.uri());
        Bulkhead bulkhead = doors.at(new Doors.Door(request.provider().name(), target), settings);
        HttpFlight flight = new HttpFlight(request, listener, timers, underWay);
        if (!closed) {
            flight.start(bulkhead, () -> way(Wiring.of(settings), target));
        }
        if (closed) {
            flight.cut(); // also where it was closed meanwhile, and this one was not under way yet
        }
        return flight;
    }

    /** With its port, as routes have it. {@link URI#getHost} knows no name with an underscore, as container networks have. */
    private static HttpHost target(URI uri) {
        try {
            HttpHost named = new HttpHost(uri.getScheme(), URIAuthority.create(uri.getRawAuthority()));
            return RoutingSupport.normalize(named, DefaultSchemePortResolver.INSTANCE);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the address of a provider is malformed", e);
        }
    }

    /** The client, once it is made and knows the address of where it connects to. */
    private CompletionStage<HttpTransport> way(Wiring wiring, HttpHost target) {
        CompletableFuture<@Nullable Void> address = addresses.ready(firstHop(wiring.proxy(), target));
        return transports.get(wiring).thenCombine(address, (transport, known) -> transport);
    }

    /** A proxy looks up the rest by itself. */
    private static String firstHop(@Nullable URI proxy, HttpHost target) {
        return proxy == null || Loopback.is(target.getHostName()) ? target.getHostName() : proxy.getHost();
    }

    /** Lets go of what none of these providers needs, once the calls on it have ended, and reads changed files again. */
    public void keep(Collection<Provider> providers) {
        doors.keep(providers.stream().map(Provider::name).collect(Collectors.toSet()));
        transports.keep(providers.stream()
                .map(provider -> Wiring.of(provider.handling().transport()))
                .collect(Collectors.toSet()));
    }

    /** Connections in use now. */
    public int inUse() {
        return transports.leased();
    }

    /** How many clients there are. */
    int clients() {
        return transports.count();
    }

    /** What is held of each provider that has been called. */
    public List<UpstreamUse> use() {
        return doors.use(transports);
    }

    /** Shows what is held of each provider. */
    public void showOn(PrometheusSink metrics) {
        metrics.show(
                "tollgate_upstream_connections",
                "Connections to providers: leased to calls, idle, or pending (calls that wait for one).",
                List.of("provider", "state"),
                reading -> use().forEach(use -> {
                    reading.of(use.leased(), use.provider(), "leased");
                    reading.of(use.idle(), use.provider(), "idle");
                    reading.of(use.pending(), use.provider(), "pending");
                }));
    }

    @Override
    public void close() {
        closed = true;
        eviction.cancel(false);
        underWay.forEach(HttpFlight::cut);
        transports.close();
        addresses.close();
    }
}
