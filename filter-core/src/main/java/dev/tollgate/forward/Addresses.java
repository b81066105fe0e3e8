package dev.tollgate.forward;

import dev.tollgate.OwnThreads;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * The network addresses of providers. Name resolution in Java blocks, so it happens on threads of its own, ahead of the
 * client, which only reads what is known: a name is looked up again after 30 s in the background, and its last good addresses
 * serve for 10 minutes while that fails.
 */
final class Addresses implements DnsResolver, AutoCloseable {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long USABLE_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int THREADS = 4;

    /** Asks the system. Blocks. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] lookup(String host) throws UnknownHostException;
    }

    private record Known(InetAddress[] addresses, long atNanos) {}

    private final Lookup lookup;
    private final LongSupplier nanoTime;
    private final ExecutorService lookups;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<@Nullable Void>> underWay = new ConcurrentHashMap<>();

    Addresses(Lookup lookup, LongSupplier nanoTime) {
        this.lookup = lookup;
        this.nanoTime = nanoTime;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), OwnThreads.named("tollgate-dns"));
        pool.allowCoreThreadTimeOut(true);
        this.lookups = pool;
    }

    /** Completes once {@link #resolve} can answer for a host; fails with the {@link UnknownHostException} when it cannot. */
    CompletableFuture<@Nullable Void> ready(String host) {
        Known entry = known.get(host);
        long age = entry == null ? Long.MAX_VALUE : nanoTime.getAsLong() - entry.atNanos();
        if (age < FRESH_NANOS) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<@Nullable Void> looking = look(host);
        return age < USABLE_NANOS ? CompletableFuture.completedFuture(null) : looking;
    }

    private CompletableFuture<@Nullable Void> look(String host) {
        CompletableFuture<@Nullable Void> mine = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> others = underWay.putIfAbsent(host, mine);
        if (others != null) {
            return others;
        }
        try {
            lookups.execute(() -> lookUp(host, mine));
        } catch (RejectedExecutionException | Error closingOrNoThread) {
            underWay.remove(host); // else nobody would ever look it up again
            mine.completeExceptionally(closingOrNoThread);
        }
        return mine;
    }

    private void lookUp(String host, CompletableFuture<@Nullable Void> mine) {
        try {
            known.put(host, new Known(lookup.lookup(host), nanoTime.getAsLong()));
            underWay.remove(host);
            mine.complete(null);
        } catch (UnknownHostException | RuntimeException | Error e) {
            underWay.remove(host);
            mine.completeExceptionally(e);
        }
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        Known entry = known.get(host);
        if (entry == null) {
            throw new UnknownHostException(host);
        }
        return entry.addresses().clone();
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    /** Names whose look-up has not ended yet. */
    Set<String> underWay() {
        return Set.copyOf(underWay.keySet());
    }

    @Override
    public void close() {
        OwnThreads.end(lookups);
    }
}
