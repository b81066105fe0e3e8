package dev.tollgate.jetty;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tollgate.Exchange;
import dev.tollgate.ExchangeHandler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.OptionalInt;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** A server with nothing in it but the gateway. */
final class StandAlone implements AutoCloseable {
    private static final int REQUEST_HEADER_BYTES = 16 * 1024;
    private static final int MAX_THREADS = 64;
    private static final int MIN_THREADS = 8;
    /** Connections that wait to be accepted; with the default of 50, a burst of callers waits a second for the next try. */
    private static final int ACCEPT_QUEUE = 4096;

    private static final long IDLE_MILLIS = 120_000;
    private static final long IDLE_MILLIS_WHEN_FULL = 1_000;
    /** How many percent of the file descriptors may be callers' connections. */
    private static final int CALLERS_PERCENT = 70;

    private final ExchangeHandler gateway;
    private final Server server;
    private final ServerConnector connector;

    /**
     * @param host the address to listen on, or null for all
     * @param port the port, or 0 for any that is free
     */
    StandAlone(ExchangeHandler gateway, @Nullable String host, int port) {
        this.gateway = gateway;
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("tollgate-http");
        this.server = new Server(threads);
        this.connector = new ServerConnector(server, 1, -1, new HttpConnectionFactory(http()));
        connector.setHost(host);
        connector.setPort(port);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        mostConnections().ifPresent(most -> server.addBean(limit(most)));
        server.setHandler(new TollgateHandler(new EveryPath(gateway)));
    }

    /** Beyond so many, connections wait to be accepted until others close, and those that are idle are closed soon. */
    private NetworkConnectionLimit limit(int connections) {
        NetworkConnectionLimit limit = new NetworkConnectionLimit(connections, connector);
        limit.setEndPointIdleTimeout(IDLE_MILLIS_WHEN_FULL);
        return limit;
    }

    /** Some file descriptors are kept for connections to providers, and for files. */
    private static OptionalInt mostConnections() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            long free = unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount();
            return OptionalInt.of((int) Math.min(Integer.MAX_VALUE, Math.max(1, free * CALLERS_PERCENT / 100)));
        }
        return OptionalInt.empty();
    }

    /** HTTP/1.1 only: an offer to upgrade to HTTP/2 is ignored. Ambiguous paths are refused, as Jetty does by itself. */
    private static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(REQUEST_HEADER_BYTES);
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        return http;
    }

    /**
     * Starts listening.
     *
     * @throws IOException when the address cannot be listened on
     */
    void start() throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            close();
            throw e;
        } catch (Exception e) {
            close();
            throw new IllegalStateException("the server cannot start", e);
        }
    }

    /** Where the gateway is reached from this machine. */
    URI at() {
        String host = connector.getHost() == null ? "localhost" : connector.getHost();
        String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return URI.create("http://" + literal + ":" + connector.getLocalPort());
    }

    void join() throws InterruptedException {
        server.join();
    }

    /** Lets calls under way finish, as long as the gateway waits for them, then stops. */
    @Override
    public void close() {
        gateway.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server cannot stop", e);
        }
    }

    /** Has the gateway answer what it does not serve as well, since nobody else is there: with its own 404. */
    private record EveryPath(ExchangeHandler gateway) implements ExchangeHandler {
        @Override
        public boolean serves(String method, String mappedPath) {
            return true;
        }

        @Override
        public void handle(Exchange exchange) {
            gateway.handle(exchange);
        }

        @Override
        public void close() {
            gateway.close();
        }
    }
}
