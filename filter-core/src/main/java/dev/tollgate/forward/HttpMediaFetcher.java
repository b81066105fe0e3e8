package dev.tollgate.forward;

import dev.tollgate.OwnThreads;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.config.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.util.Timeout;

/**
 * Fetches over HTTP, with nothing of the caller's or the gateway's own: no credentials, cookies or proxies, no redirects, and
 * only as much and as long as is allowed.
 *
 * <p>A host's addresses are looked up once, by the connection itself, which gets them only when every one may be connected to;
 * so no later answer of a name server can lead elsewhere. Fetching blocks, and has threads of its own.
 */
public final class HttpMediaFetcher implements MediaFetcher, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpMediaFetcher.class.getName());
    private static final int MOST_FILES = 20;
    private static final int THREADS = 4;
    private static final int MOST_WAITING = 64;
    private static final Timeout CONNECT = Timeout.ofSeconds(3);

    /** Asks the system for a host's addresses. Blocks. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] lookup(String host) throws UnknownHostException;
    }

    private final Lookup lookup;
    private final Duration most;
    private final ScheduledExecutorService timers;
    private final ThreadPoolExecutor fetchers;

    /** @param timers breaks off what takes too long */
    public HttpMediaFetcher(ScheduledExecutorService timers) {
        this(InetAddress::getAllByName, Duration.ofSeconds(15), timers);
    }

    /** @param most how long all files of a call may take together */
    HttpMediaFetcher(Lookup lookup, Duration most, ScheduledExecutorService timers) {
        this.lookup = lookup;
        this.most = most;
        this.timers = timers;
        this.fetchers = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                OwnThreads.named("tollgate-media"));
        fetchers.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletionStage<Map<String, Source.Inline>> fetch(Set<String> urls, Settings.Media allowed) {
        AllowedHosts hosts = new AllowedHosts(allowed.fetchFrom());
        List<String> permitted = urls.stream()
                .filter(url -> hosts.permit(url).isPresent())
                .limit(MOST_FILES)
                .toList();
        if (permitted.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        Executor executor = fetchers;
        try {
            return CompletableFuture.supplyAsync(() -> fetchAll(permitted, hosts, allowed.maxBytes()), executor)
                    .exceptionally(fault -> {
                        LOG.log(Level.WARNING, "media could not be fetched", fault);
                        return Map.of();
                    });
        } catch (RejectedExecutionException tooMany) {
            LOG.log(Level.WARNING, "too much media is being fetched; some is left out");
            return CompletableFuture.completedFuture(Map.of());
        }
    }

    private Map<String, Source.Inline> fetchAll(List<String> urls, AllowedHosts hosts, long maxBytes) {
        Map<String, Source.Inline> fetched = new HashMap<>();
        long deadline = System.nanoTime() + most.toNanos();
        long left = maxBytes;
        try (CloseableHttpClient client = client(hosts)) {
            for (String url : urls) {
                byte[] file = fetch(client, hosts.permit(url).orElseThrow(), left, deadline);
                left -= file.length;
                MediaKinds.of(file)
                        .ifPresent(type -> fetched.put(
                                url, new Source.Inline(type, Base64.getEncoder().encodeToString(file))));
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a client", e);
        }
        return fetched;
    }

    private CloseableHttpClient client(AllowedHosts hosts) {
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new Guarded(lookup, hosts))
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setRedirectsEnabled(false)
                        .setAuthenticationEnabled(false)
                        .setResponseTimeout(Timeout.of(most))
                        .build())
                .setUserAgent("tollgate")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    /** The bytes of a file; none for one that is refused, fails, is too large or takes too long. */
    private byte[] fetch(CloseableHttpClient client, URI url, long most, long deadline) {
        long nanos = deadline - System.nanoTime();
        if (nanos <= 0) {
            return new byte[0];
        }
        HttpGet get = new HttpGet(url);
        get.setHeader("Accept", "image/*, application/pdf, audio/*");
        get.setHeader("Accept-Encoding", "identity");
        ScheduledFuture<?> alarm = timers.schedule(get::abort, nanos, TimeUnit.NANOSECONDS);
        try {
            return client.execute(get, answer -> read(answer, get, most));
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.INFO, () -> "media of " + url.getHost() + " is left out: " + e);
            return new byte[0];
        } finally {
            alarm.cancel(false);
        }
    }

    private static byte[] read(ClassicHttpResponse answer, HttpGet get, long most) throws IOException {
        if (answer.getCode() != 200 || answer.getEntity() == null) {
            get.abort();
            throw new IOException("status " + answer.getCode());
        }
        InputStream in = answer.getEntity().getContent();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        byte[] piece = new byte[16 * 1024];
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            file.write(piece, 0, count);
            if (file.size() > most) {
                get.abort(); // rather than read the rest of it
                throw new IOException("it is too large");
            }
        }
        return file.toByteArray();
    }

    @Override
    public void close() {
        OwnThreads.end(fetchers);
    }

    /** Looks up a host for a connection, and gives its addresses only if it may be connected to all of them. */
    private record Guarded(Lookup lookup, AllowedHosts hosts) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            List<InetAddress> permitted = new ArrayList<>();
            for (InetAddress address : lookup.lookup(host)) {
                if (!hosts.permit(address)) {
                    throw new UnknownHostException("the host has an address that is not public");
                }
                permitted.add(address);
            }
            return permitted.toArray(InetAddress[]::new);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
