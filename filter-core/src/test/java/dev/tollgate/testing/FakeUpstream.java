package dev.tollgate.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * A provider on loopback, on plain sockets, that does what scripts say and nothing else: so it can be slow, lie, stop or
 * vanish. Each request plays the next script; when there is none left, the usual one.
 */
public final class FakeUpstream implements AutoCloseable {

    /** What happens after a request has been read. */
    @FunctionalInterface
    public interface Script {
        void play(Peer peer) throws Exception;
    }

    private final String scheme;
    private final ServerSocket server;
    private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();
    private final List<Received> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger playing = new AtomicInteger();
    private volatile Script usual = peer -> peer.answer(500, "text/plain", "no script");
    private volatile boolean closed;
    private volatile boolean lazy;

    /** One that speaks in the clear. */
    public FakeUpstream() {
        this("http", () -> new ServerSocket(0, 4096, InetAddress.getLoopbackAddress()));
    }

    private FakeUpstream(String scheme, Callable<ServerSocket> opening) {
        try {
            this.scheme = scheme;
            this.server = opening.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        thread(this::accept, "accept");
    }

    /** One that speaks TLS, and what of it the settings say. */
    public static FakeUpstream tls(SSLContext context, Consumer<SSLServerSocket> settings) {
        return new FakeUpstream("https", () -> {
            SSLServerSocket socket = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 4096, InetAddress.getLoopbackAddress());
            settings.accept(socket);
            return socket;
        });
    }

    public URI uri() {
        return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort());
    }

    /** The next request without a script of its own plays this one. */
    public FakeUpstream then(Script script) {
        scripts.add(script);
        return this;
    }

    /** Requests without a script of their own play this one. */
    public FakeUpstream always(Script script) {
        usual = script;
        return this;
    }

    /** From now on scripts read the bodies of requests themselves. */
    public FakeUpstream readingBodiesLater() {
        lazy = true;
        return this;
    }

    /** Requests received so far, whole ones. */
    public List<Received> requests() {
        return requests;
    }

    public Received lastRequest() {
        return requests.get(requests.size() - 1);
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** Connections that the other side has closed, whether between requests or in the middle of a script. */
    public int closedByClient() {
        return left.get();
    }

    /** Scripts under way. */
    public int playing() {
        return playing.get();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                thread(() -> serve(socket), "connection");
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Peer peer = new Peer(socket, left);
            while (peer.readRequest(lazy)) {
                requests.add(peer.request());
                Script script = scripts.poll();
                playing.incrementAndGet();
                try {
                    (script == null ? usual : script).play(peer);
                } finally {
                    playing.decrementAndGet();
                }
                if (peer.isFinished()) {
                    return;
                }
            }
        } catch (IOException e) {
            left.incrementAndGet();
        } catch (Exception e) {
            // a script that was cut short by the end of its test
        } finally {
            open.remove(socket);
        }
    }

    private static void thread(Runnable work, String name) {
        Thread thread = new Thread(work, "fake-upstream-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
