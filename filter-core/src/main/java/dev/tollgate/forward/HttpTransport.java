package dev.tollgate.forward;

import dev.tollgate.OwnThreads;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.ssl.TLS;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * One Apache HttpAsyncClient: its connections, its TLS and its threads. Everything it would do by itself is off: retries (it
 * repeats a POST on 429 and 503), redirects, cookies (it would show one caller's to the next), caching of authentication,
 * decompression (it would gather an event stream in a buffer) and its own user agent.
 *
 * <p>Its pool has no limits of its own, since each {@link Bulkhead} has: what is shared cannot be used up by one provider.
 *
 * <p>A connection carries one call at a time, over HTTP/2 too. HttpCore can share one between calls, but cannot end one of
 * them while its peer is silent, and ending them all is no choice.
 */
final class HttpTransport {
    private static final int MOST_HEADERS = 100;

    private static final Http1Config HTTP_1 = Http1Config.custom()
            .setBufferSize(4096) // the default of 32 KiB costs 104 KB of heap per open stream
            .setInitialWindowSize(HttpUpstreams.WINDOW)
            .setMaxLineLength(8 * 1024)
            .setMaxHeaderCount(MOST_HEADERS)
            .build();

    private static final H2Config HTTP_2 = H2Config.custom()
            .setPushEnabled(false)
            .setMaxFrameSize(16 * 1024)
            .setInitialWindowSize(HttpUpstreams.HTTP_2_WINDOW)
            .setMaxHeaderListSize(64 * 1024)
            .setMaxContinuations(8)
            .build();

    static final ConnectionConfig CONNECTIONS = ConnectionConfig.custom()
            .setConnectTimeout(Timeout.ofSeconds(30)) // a backstop: each flight watches its own
            .setValidateAfterInactivity(TimeValue.ofSeconds(1))
            .setTimeToLive(TimeValue.ofMinutes(5))
            .build();

    /** No response timeout: on HTTP/1.1 it is one of inactivity, which fires in the middle of a slow stream. */
    private static final RequestConfig REQUESTS = RequestConfig.custom()
            .setConnectionRequestTimeout(Timeout.ofSeconds(30)) // a backstop
            .setResponseTimeout(Timeout.DISABLED)
            .setProtocolUpgradeEnabled(false)
            .setExpectContinueEnabled(false)
            .setAuthenticationEnabled(false)
            .build();

    private static final TimeValue IDLE_LIFE = TimeValue.ofSeconds(30);

    private final PoolingAsyncClientConnectionManager pool;
    private final CloseableHttpAsyncClient client;
    private final Executor closers;
    private int holds;
    private boolean retired;
    private boolean closed;

    /**
     * @param threads how many move its bytes
     * @param closers closes it when nobody needs it any more, which blocks
     */
    HttpTransport(Wiring wiring, SSLContext tls, Addresses addresses, int threads, Executor closers) {
        this.closers = closers;
        this.pool = pool(wiring, tls, addresses);
        this.client = client(wiring, pool, threads);
        client.start();
    }

    private static PoolingAsyncClientConnectionManager pool(Wiring wiring, SSLContext tls, Addresses addresses) {
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(Integer.MAX_VALUE)
                .setMaxConnTotal(Integer.MAX_VALUE)
                .setMessageMultiplexing(false)
                .setDnsResolver(addresses)
                .setDefaultConnectionConfig(CONNECTIONS)
                .setTlsStrategy(ClientTlsStrategyBuilder.create()
                        .setSslContext(tls)
                        .setTlsVersions(TLS.V_1_3, TLS.V_1_2)
                        .setHostVerificationPolicy(HostnameVerificationPolicy.BUILTIN)
                        .buildAsync())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(
                                wiring.http2() ? HttpVersionPolicy.FORCE_HTTP_2 : HttpVersionPolicy.FORCE_HTTP_1)
                        .setSupportedProtocols(TLS.V_1_3, TLS.V_1_2)
                        .build())
                .build();
    }

    private static CloseableHttpAsyncClient client(
            Wiring wiring, PoolingAsyncClientConnectionManager pool, int threads) {
        HttpAsyncClientBuilder builder = HttpAsyncClients.custom()
                .setConnectionManager(pool)
                .setHttp1Config(HTTP_1)
                .setH2Config(HTTP_2)
                .setDefaultRequestConfig(REQUESTS)
                .setIOReactorConfig(
                        IOReactorConfig.custom().setIoThreadCount(threads).build())
                .setIoSessionDecorator(PacedSession::new)
                .setThreadFactory(OwnThreads.numbered("tollgate-upstream"))
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState()
                .setUserAgent("tollgate") // only where a request has none of its own
                .addExecInterceptorFirst("tollgate-boarding", HttpTransport::board)
                .addExecInterceptorLast("tollgate-connected", HttpTransport::connected);
        URI proxy = wiring.proxy();
        if (proxy != null) {
            builder.setRoutePlanner(new ByProxy(proxy));
        }
        return builder.build();
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

    /** Tells a flight that the way to its provider is there: through a proxy, and with TLS, if need be. */
    private static void connected(
            HttpRequest request,
            AsyncEntityProducer body,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback)
            throws HttpException, IOException {
        if (scope.clientContext.getAttribute(HttpFlight.ATTRIBUTE) instanceof HttpFlight flight) {
            flight.connected();
        }
        chain.proceed(request, body, scope, callback);
    }

    // --- its life

    /** Keeps it open for one call more; false when it is closed. */
    synchronized boolean hold() {
        if (closed) {
            return false;
        }
        holds++;
        return true;
    }

    /** The call is over. */
    void release() {
        boolean last;
        synchronized (this) {
            holds--;
            last = retired && holds == 0 && !closed;
            closed = closed || last;
        }
        if (last) {
            closeLater();
        }
    }

    private void closeLater() {
        try {
            closers.execute(this::shut);
        } catch (RejectedExecutionException closing) {
            shut();
        }
    }

    /** Nothing will be sent any more once what is under way has ended. */
    void retire() {
        synchronized (this) {
            retired = true;
            holds++;
        }
        release();
    }

    CloseableHttpAsyncClient client() {
        return client;
    }

    void evict() {
        pool.closeExpired();
        pool.closeIdle(IDLE_LIFE);
    }

    int leased() {
        return pool.getTotalStats().getLeased();
    }

    /** Connections to one address that wait to be used again. */
    int idle(HttpHost target) {
        int idle = 0;
        for (HttpRoute route : pool.getRoutes()) {
            if (route.getTargetHost().equals(target)) {
                PoolStats stats = pool.getStats(route);
                idle += stats.getAvailable();
            }
        }
        return idle;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Ends all at once. */
    void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        shut();
    }

    private void shut() {
        awaitReactor();
        client.close(CloseMode.IMMEDIATE);
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

    /** Leads to every host but this one through a proxy: a tunnel for HTTPS, and whole addresses in requests for HTTP. */
    private static final class ByProxy extends DefaultRoutePlanner {
        private final HttpHost proxy;

        ByProxy(URI proxy) {
            super(DefaultSchemePortResolver.INSTANCE);
            this.proxy = HttpHost.create(proxy);
        }

        @Override
        @SuppressWarnings("NullAway") // null stands for no proxy
        protected HttpHost determineProxy(HttpHost target, HttpContext context) {
            return Loopback.is(target.getHostName()) ? null : proxy;
        }
    }
}
