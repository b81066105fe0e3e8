package dev.tollgate.testing;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A provider on loopback that speaks HTTP/2: Jetty's own, and so not of our making. */
public final class Http2Server implements AutoCloseable {

    /** What it does with a request. */
    @FunctionalInterface
    public interface Answer {
        void handle(Request request, Response response, Callback callback) throws Exception;
    }

    private final Server server;
    private final ServerConnector connector;
    private final String scheme;
    private final List<String> versions = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Answer answer =
            (request, response, callback) -> Response.writeError(request, response, callback, 500);

    private Http2Server(SSLContext tls, boolean second) {
        QueuedThreadPool threads = new QueuedThreadPool(16, 2);
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        HttpConnectionFactory first = new HttpConnectionFactory(configuration);
        if (tls == null) {
            scheme = "http";
            connector = new ServerConnector(server, 1, 1, first, new HTTP2CServerConnectionFactory(configuration));
        } else {
            scheme = "https";
            configuration.addCustomizer(new SecureRequestCustomizer(false));
            SslContextFactory.Server context = new SslContextFactory.Server();
            context.setSslContext(tls);
            ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
            alpn.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
            SslConnectionFactory ssl = new SslConnectionFactory(context, alpn.getProtocol());
            connector = second
                    ? new ServerConnector(
                            server, 1, 1, ssl, alpn, new HTTP2ServerConnectionFactory(configuration), first)
                    : new ServerConnector(server, 1, 1, ssl, alpn, first);
        }
        connector.setHost("127.0.0.1");
        connector.addBean(new Connection.Listener() {
            @Override
            public void onOpened(Connection connection) {
                if (connection.getClass().getSimpleName().startsWith("HTTP2")) {
                    connections.incrementAndGet();
                }
            }
        });
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                versions.add(request.getConnectionMetaData().getHttpVersion().asString());
                request.addFailureListener(failure -> failures.incrementAndGet());
                answer.handle(request, response, callback);
                return true;
            }
        });
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** In the clear, without asking first. */
    public static Http2Server clear() {
        return new Http2Server(null, true);
    }

    /** Over TLS, where the two sides agree on it. */
    public static Http2Server tls(SSLContext context) {
        return new Http2Server(context, true);
    }

    /** Over TLS, and HTTP/1.1 only. */
    public static Http2Server ofTheFormerVersion(SSLContext context) {
        return new Http2Server(context, false);
    }

    public Http2Server always(Answer script) {
        answer = script;
        return this;
    }

    public URI uri() {
        return URI.create(scheme + "://127.0.0.1:" + connector.getLocalPort());
    }

    /** The versions of HTTP that requests came in. */
    public List<String> versions() {
        return versions;
    }

    /** Connections that spoke HTTP/2. */
    public int connections() {
        return connections.get();
    }

    /** Requests that the other side has called off. */
    public int calledOff() {
        return failures.get();
    }

    /** Says goodbye to every connection, and ends. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
