package dev.tollgate.testing;

import dev.tollgate.testing.WireScript.Bill;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Misbehaving providers on loopback, each on an address of its own (127.x.y.z), so that what is known of one says nothing of
 * another. The n-th request to a provider plays its n-th {@link WireScript}. Every provider keeps an invoice of its own.
 *
 * <p>Needs a system on which all of 127.0.0.0/8 is loopback, as Linux has it.
 */
public final class ScriptedUpstream implements AutoCloseable {
    private final ServerSocket server;
    private final Map<InetAddress, Place> places = new ConcurrentHashMap<>();
    private final AtomicInteger addresses = new AtomicInteger();
    private volatile boolean closed;

    public ScriptedUpstream() {
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress("0.0.0.0", 0), 4096);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread(this::accept, "accept");
    }

    /** A request, what was done with it, and how that ended. */
    public static final class Served {
        private final Received request;
        private final WireScript script;
        private final long beganNanos = System.nanoTime();
        private volatile long endedNanos;
        private volatile boolean played;

        private Served(Received request, WireScript script) {
            this.request = request;
            this.script = script;
        }

        public Received request() {
            return request;
        }

        public WireScript script() {
            return script;
        }

        /** Whether the script was played to its end, as far as this side can tell. */
        public boolean isPlayed() {
            return played;
        }

        /** When the request had come, as {@link System#nanoTime} tells it. */
        public long beganNanos() {
            return beganNanos;
        }

        /** When the script had ended, or the gateway had closed the connection; empty while it is under way. */
        public OptionalLong endedNanos() {
            return endedNanos == 0 ? OptionalLong.empty() : OptionalLong.of(endedNanos);
        }

        /** What the invoice says of it. */
        public Bill bill() {
            return script.bill() == Bill.REPORTED && !played ? Bill.UNTOLD : script.bill();
        }
    }

    /** A provider at an address where nobody has been before. */
    public Place place() {
        Place place = new Place(address(addresses.incrementAndGet()));
        places.put(place.address, place);
        return place;
    }

    private static InetAddress address(int number) {
        byte[] bytes = {127, (byte) (1 + number / 62_500), (byte) (1 + number / 250 % 250), (byte) (1 + number % 250)};
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** One provider. */
    public final class Place {
        private final InetAddress address;
        private final Queue<WireScript> scripts = new ConcurrentLinkedQueue<>();
        private final List<Served> served = new CopyOnWriteArrayList<>();
        private final Set<Socket> open = ConcurrentHashMap.newKeySet();
        private final AtomicInteger connections = new AtomicInteger();
        private final AtomicInteger underWay = new AtomicInteger();
        private volatile Function<Received, WireScript> usual =
                request -> WireScript.of(WireScript.answer(500, "text/plain", "no script"));
        private volatile @Nullable WireScript greeting;

        private Place(InetAddress address) {
            this.address = address;
        }

        /** Its address as {@code host:port}. */
        public String authority() {
            return address.getHostAddress() + ":" + server.getLocalPort();
        }

        /** An address beside it where nobody listens. */
        public String nobody() {
            return address.getHostAddress() + ":9";
        }

        /** The next request without a script of its own plays this one. */
        public Place then(WireScript script) {
            scripts.add(script);
            return this;
        }

        /** Requests without a script of their own play this one. */
        public Place always(WireScript script) {
            return always(request -> script);
        }

        /** Requests without a script of their own play the one that is chosen for them. */
        public Place always(Function<Received, WireScript> choice) {
            usual = choice;
            return this;
        }

        /** From now on this is done with connections as soon as they are there, and nothing is read. */
        public Place greets(WireScript script) {
            greeting = script;
            return this;
        }

        /** Requests received so far, whole ones. */
        public List<Served> served() {
            return served;
        }

        /** Connections accepted so far. */
        public int connections() {
            return connections.get();
        }

        /** Connections that are open. */
        public int open() {
            return open.size();
        }

        /** Scripts under way: as many connections are in use. */
        public int underWay() {
            return underWay.get();
        }

        /** Forgets what has come so far, and closes what is open. */
        public void retire() {
            places.remove(address);
            open.forEach(ScriptedUpstream::close);
        }

        private void serve(Socket socket) {
            open.add(socket);
            connections.incrementAndGet();
            try (socket) {
                socket.setTcpNoDelay(true);
                Peer peer = new Peer(socket, new AtomicInteger());
                WireScript first = greeting;
                if (first != null) {
                    first.play(peer);
                    return;
                }
                while (!peer.isFinished() && peer.readRequest(false)) {
                    answer(peer);
                }
            } catch (IOException | InterruptedException gone) {
                // the gateway has closed it, or the test is over
            } finally {
                open.remove(socket);
            }
        }

        private void answer(Peer peer) throws IOException, InterruptedException {
            underWay.incrementAndGet();
            WireScript own = scripts.poll();
            Served request = new Served(peer.request(), own == null ? usual.apply(peer.request()) : own);
            served.add(request);
            try {
                request.script().play(peer);
                request.played = true;
            } finally {
                request.endedNanos = System.nanoTime();
                underWay.decrementAndGet();
            }
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket socket = server.accept();
                Place place = places.get(socket.getLocalAddress());
                if (place == null) {
                    close(socket);
                } else {
                    thread(() -> place.serve(socket), "connection");
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void thread(Runnable work, String name) {
        Thread thread = new Thread(work, "scripted-upstream-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        places.values().forEach(Place::retire);
    }
}
