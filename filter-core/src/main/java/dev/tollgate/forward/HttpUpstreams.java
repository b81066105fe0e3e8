package dev.tollgate.forward;

import dev.tollgate.OwnThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Sends requests over HTTP/1.1 with Apache HttpAsyncClient. Everything the client would do by itself is off: retries (it
 * repeats a POST on 429 and 503), redirects, cookies (it would show one caller's to the next), caching of authentication,
 * decompression (it would gather an event stream in a buffer) and its own user agent.
 */
public final class HttpUpstreams implements Upstreams {
    /** What a provider may have sent that has not been passed on yet, in bytes. */
    static final int WINDOW = 32 * 1024;

    private static final Http1Config PROTOCOL = Http1Config.custom()
            .setBufferSize(4096) // the default of 32 KiB costs 104 KB of heap per open stream
            .setInitialWindowSize(WINDOW)
            .setMaxLineLength(8 * 1024)
            .setMaxHeaderCount(100)
            .build();

    private static final ConnectionConfig CONNECTIONS = ConnectionConfig.custom()
            .setConnectTimeout(Timeout.ofSeconds(30)) // a backstop: each flight watches its own
            .setValidateAfterInactivity(TimeValue.ofSeconds(1))
            .setTimeToLive(TimeValue.ofMinutes(5))
            .build();

    /** No response timeout: on HTTP/1.1 it is one of inactivity, which fires in the middle of a slow stream. */
    private static final RequestConfig REQUESTS = RequestConfig.custom()
            .setConnectionRequestTimeout(Timeout.ofMilliseconds(HttpFlight.POOL_WAIT_MILLIS))
            .setResponseTimeout(Timeout.DISABLED)
            .setProtocolUpgradeEnabled(false)
            .setExpectContinueEnabled(false)
            .setRedirectsEnabled(false)
            .setAuthenticationEnabled(false)
            .build();

    private static final TimeValue IDLE_LIFE = TimeValue.ofSeconds(30);

    private final ScheduledExecutorService timers;
    private final Addresses addresses;
    private final PoolingAsyncClientConnectionManager pool;
    private final CloseableHttpAsyncClient client;
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
        this.pool = pool(limits, addresses);
        this.client = client(pool);
        client.start();
        this.eviction = timers.scheduleWithFixedDelay(this::evict, 10, 10, TimeUnit.SECONDS);
    }

    private static PoolingAsyncClientConnectionManager pool(PoolLimits limits, Addresses addresses) {
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(limits.perAddress())
                .setMaxConnTotal(limits.total())
                .setDnsResolver(addresses)
                .setDefaultConnectionConfig(CONNECTIONS)
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                        .build())
                .build();
    }

    private static CloseableHttpAsyncClient client(PoolingAsyncClientConnectionManager pool) {
        return HttpAsyncClients.custom()
                .setConnectionManager(pool)
                .setHttp1Config(PROTOCOL)
                .setDefaultRequestConfig(REQUESTS)
                .setIOReactorConfig(IOReactorConfig.custom().setIoThreadCount(2).build())
                .setThreadFactory(OwnThreads.numbered("tollgate-upstream"))
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState()
                .setUserAgent("tollgate") // only where a request has none of its own
                .addExecInterceptorFirst("tollgate-flight", HttpUpstreams::board)
                .build();
    }

    /** Hands a flight the hold on its connection, the one means that ends it at once (see {@link HttpFlight}). */
    private static void board(
            HttpRequest request,
            AsyncEntityProducer body,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback)
            throws HttpException, IOException {
        if (scope.clientContext.getAttribute(HttpFlight.ATTRIBUTE) instanceof HttpFlight flight) {
            flight.boarded(scope.execRuntime);
        }
        chain.proceed(request, body, scope, callback);
    }

    @Override
    public Flight send(UpstreamRequest request, UpstreamListener listener) {
        HttpFlight flight = new HttpFlight(request, listener, timers, underWay);
        if (!closed) {
            flight.start(client, addresses.ready(host(request.uri())));
        }
        if (closed) {
            flight.cut(); // also where it was closed meanwhile, and this one was not under way yet
        }
        return flight;
    }

    /** {@link URI#getHost} knows no name with an underscore, as container networks have. */
    private static String host(URI uri) {
        try {
            return URIAuthority.create(uri.getRawAuthority()).getHostName();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the address of a provider is malformed", e);
        }
    }

    private void evict() {
        pool.closeExpired();
        pool.closeIdle(IDLE_LIFE);
    }

    /** Connections in use now. */
    public int inUse() {
        return pool.getTotalStats().getLeased();
    }

    @Override
    public void close() {
        closed = true;
        eviction.cancel(false);
        underWay.forEach(HttpFlight::cut);
        awaitReactor();
        client.close(CloseMode.IMMEDIATE);
        addresses.close();
    }

    /** Lets the reactor come to its end by itself first: closed under way, it logs an error for each of its selectors. */
    private void awaitReactor() {
        client.initiateShutdown();
        try {
            client.awaitShutdown(TimeValue.ofSeconds(1));
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
