package dev.tollgate.forward;

import dev.tollgate.OwnThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * The clients there are, one for each {@link Wiring}, each made when the first call needs it. One whose files have changed is
 * replaced; one that no configuration names any more is closed once its last call has ended.
 */
final class Transports implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Transports.class.getName());
    private static final int THREADS = 2;
    private static final int THREADS_OF_OTHERS = 1;

    /** A client, or one being made, and the state of the files that it was made from. */
    private record Made(HttpTransport transport, List<Object> stamp) {}

    private final Addresses addresses;
    private final Map<Wiring, CompletableFuture<Made>> made = new HashMap<>();
    private final Set<HttpTransport> leaving = new HashSet<>();
    private final Map<Wiring, String> complaints = new HashMap<>();
    private final ThreadPoolExecutor maker;
    private boolean closed;

    Transports(Addresses addresses) {
        this.addresses = addresses;
        this.maker = new ThreadPoolExecutor(
                1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), OwnThreads.named("tollgate-tls"));
        maker.allowCoreThreadTimeOut(true);
        made.put(Wiring.PLAIN, CompletableFuture.completedFuture(plain()));
    }

    private Made plain() {
        try {
            return make(Wiring.PLAIN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The client for a wiring, which is made first if need be. Never blocks. */
    CompletableFuture<HttpTransport> get(Wiring wiring) {
        CompletableFuture<Made> known;
        synchronized (this) {
            known = made.get(wiring);
            if (known == null) {
                known = begin(wiring);
            }
        }
        return known.thenApply(Made::transport);
    }

    private CompletableFuture<Made> begin(Wiring wiring) {
        if (closed) {
            return CompletableFuture.failedFuture(new IOException("the gateway is closing"));
        }
        CompletableFuture<Made> making = new CompletableFuture<>();
        made.put(wiring, making);
        try {
            maker.execute(() -> make(wiring, making));
        } catch (RejectedExecutionException | Error closingOrNoThread) {
            made.remove(wiring, making); // the next call tries again
            making.completeExceptionally(closingOrNoThread);
        }
        return making;
    }

    private void make(Wiring wiring, CompletableFuture<Made> making) {
        try {
            Made done = make(wiring);
            if (!making.complete(done)) {
                done.transport().close();
            }
        } catch (IOException | RuntimeException | Error e) {
            synchronized (this) {
                made.remove(wiring, making); // the next call tries again
            }
            making.completeExceptionally(e);
        }
    }

    private Made make(Wiring wiring) throws IOException {
        List<Object> stamp = wiring.stamp();
        int threads = wiring.equals(Wiring.PLAIN) ? THREADS : THREADS_OF_OTHERS;
        return new Made(new HttpTransport(wiring, wiring.tls(), addresses, threads, maker), stamp);
    }

    // --- changes

    /** Closes those that are not used any more, each when its last call has ended, and reads changed files again. */
    void keep(Collection<Wiring> used) {
        List<CompletableFuture<Made>> unused = new ArrayList<>();
        synchronized (this) {
            for (Wiring wiring : Set.copyOf(made.keySet())) {
                if (!used.contains(wiring) && !wiring.equals(Wiring.PLAIN)) {
                    unused.add(made.remove(wiring));
                }
            }
        }
        unused.forEach(this::retire);
        renew();
    }

    private void retire(CompletableFuture<Made> unused) {
        CompletableFuture<Void> ignored = unused.thenAccept(old -> {
            synchronized (this) {
                leaving.add(old.transport());
            }
            old.transport().retire();
        });
    }

    /** Reads files again that have changed, later. */
    void renew() {
        List<Wiring> fromFiles;
        synchronized (this) {
            fromFiles = made.keySet().stream()
                    .filter(wiring -> !wiring.files().isEmpty())
                    .toList();
        }
        try {
            fromFiles.forEach(wiring -> maker.execute(() -> renew(wiring)));
        } catch (RejectedExecutionException closing) {
            LOG.log(Level.DEBUG, "the gateway is closing");
        }
    }

    private void renew(Wiring wiring) {
        CompletableFuture<Made> current;
        synchronized (this) {
            current = made.get(wiring);
        }
        Made old = current == null ? null : now(current);
        if (current == null || old == null) {
            return;
        }
        try {
            if (!wiring.stamp().equals(old.stamp())) {
                replace(wiring, current, make(wiring));
                LOG.log(Level.INFO, () -> "new connections use the files as they are now: " + wiring.files());
            }
            complaints.remove(wiring);
        } catch (IOException | RuntimeException e) {
            complain(wiring, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private void replace(Wiring wiring, CompletableFuture<Made> before, Made after) {
        boolean replaced;
        synchronized (this) {
            replaced = !closed && made.replace(wiring, before, CompletableFuture.completedFuture(after));
        }
        if (replaced) {
            retire(before);
        } else {
            after.transport().close();
        }
    }

    /** Once for each reason, rather than at every look. */
    private void complain(Wiring wiring, String reason) {
        if (!reason.equals(complaints.put(wiring, reason))) {
            LOG.log(Level.WARNING, () -> "the former certificates and keys stay in use, since " + reason);
        }
    }

    private static @Nullable Made now(CompletableFuture<Made> future) {
        try {
            return future.getNow(null);
        } catch (CompletionException failed) {
            return null;
        }
    }

    // --- what there is

    private synchronized List<HttpTransport> all() {
        leaving.removeIf(HttpTransport::isClosed);
        List<HttpTransport> all = new ArrayList<>(leaving);
        for (CompletableFuture<Made> future : made.values()) {
            Made there = now(future);
            if (there != null) {
                all.add(there.transport());
            }
        }
        return all;
    }

    void evict() {
        all().forEach(HttpTransport::evict);
        renew();
    }

    /** Connections that are in use. */
    int leased() {
        return all().stream().mapToInt(HttpTransport::leased).sum();
    }

    /** How many clients there are, those that are about to close included. */
    int count() {
        return all().size();
    }

    /** Connections of one wiring to one address that wait to be used again. */
    int idle(Wiring wiring, HttpHost target) {
        CompletableFuture<Made> known;
        synchronized (this) {
            known = made.get(wiring);
        }
        Made there = known == null ? null : now(known);
        return there == null ? 0 : there.transport().idle(target);
    }

    @Override
    public void close() {
        List<HttpTransport> open;
        synchronized (this) {
            closed = true;
            open = all();
            made.values().forEach(future -> future.completeExceptionally(new IOException("the gateway is closing")));
            made.clear();
        }
        open.forEach(HttpTransport::close);
        OwnThreads.end(maker);
    }
}
