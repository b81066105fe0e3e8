package dev.tollgate.jetty;

import dev.tollgate.ClosedGateway;
import dev.tollgate.EarlyRefusal;
import dev.tollgate.Exchange;
import dev.tollgate.ExchangeHandler;
import dev.tollgate.GatewayFactory;
import dev.tollgate.Refusal;
import dev.tollgate.RequestTarget;
import dev.tollgate.config.ConfigException;
import dev.tollgate.receive.BodyTerms;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.eclipse.jetty.util.annotation.ManagedAttribute;
import org.eclipse.jetty.util.annotation.ManagedObject;
import org.eclipse.jetty.util.component.Graceful;
import org.jspecify.annotations.Nullable;

/**
 * The gateway as a handler: it answers the gateway's paths and hands every other request to the handler behind it.
 *
 * <pre>
 * Server
 * └── TollgateHandler            /v1/chat/completions, /v1/messages, …
 *     └── the handlers there are everything else
 * </pre>
 *
 * <p>Inside a {@code ContextHandler} the gateway's paths are relative to its context path. A broken configuration leaves the
 * gateway closed: every problem is logged and its paths answer 503, unless {@link #setFailStart} asks for the server not to
 * start. Where the server's {@code stopTimeout} allows it, calls under way finish before it stops.
 */
@ManagedObject("The Tollgate AI gateway")
public class TollgateHandler extends Handler.Wrapper implements Graceful {
    private static final System.Logger LOG = System.getLogger(TollgateHandler.class.getName());

    private final BodyTerms terms;
    private final boolean owned;
    private @Nullable String config;
    private boolean failStart;
    private @Nullable ExchangeHandler gateway;
    private @Nullable CompletableFuture<Void> closing;

    /** A handler that opens the gateway which {@link #setConfig its configuration} describes, and closes it. */
    public TollgateHandler() {
        this.terms = BodyTerms.DEFAULT;
        this.owned = true;
    }

    /** A handler in front of a gateway that whoever made it closes. */
    public TollgateHandler(ExchangeHandler gateway) {
        this(gateway, BodyTerms.DEFAULT);
    }

    TollgateHandler(ExchangeHandler gateway, BodyTerms terms) {
        this.terms = terms;
        this.owned = false;
        this.gateway = gateway;
    }

    /** The configuration file, absolute or inside the Jetty base; without one the handler does nothing and says so. */
    public void setConfig(@Nullable String file) {
        this.config = file;
    }

    @ManagedAttribute(value = "The configuration file", readonly = true)
    public @Nullable String getConfig() {
        return config;
    }

    /** Whether a broken configuration keeps the server from starting. */
    public void setFailStart(boolean failStart) {
        this.failStart = failStart;
    }

    @ManagedAttribute(value = "Whether a broken configuration keeps the server from starting", readonly = true)
    public boolean isFailStart() {
        return failStart;
    }

    @Override
    protected void doStart() throws Exception {
        if (owned) {
            closing = null;
            gateway = open();
        }
        super.doStart();
    }

    private @Nullable ExchangeHandler open() throws ConfigException {
        String file = config;
        if (file == null || file.isBlank()) {
            LOG.log(Level.INFO, "Tollgate does nothing: no configuration file is set");
            return null;
        }
        try {
            return GatewayFactory.open(
                    Path.of(System.getProperty("jetty.base", "")).resolve(file.trim()));
        } catch (ConfigException e) {
            if (failStart) {
                throw e;
            }
            LOG.log(
                    Level.ERROR,
                    "Tollgate is closed, its paths answer 503, because its configuration is broken:\n"
                            + e.getMessage());
            return new ClosedGateway();
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ExchangeHandler serving = gateway;
        String mapped = URIUtil.decodePath(Request.getPathInContext(request));
        if (serving == null || mapped == null || !serving.serves(request.getMethod(), mapped)) {
            return super.handle(request, response, callback);
        }
        String query = request.getHttpURI().getQuery();
        RequestTarget target = new RequestTarget(mapped, query == null ? "" : query);
        JettyExchange exchange = new JettyExchange(request, response, callback, target, terms);
        answerer(request, mapped, serving).accept(exchange);
        return true;
    }

    /** The gateway, or the refusal of a path that is spelled in a second way. */
    private Consumer<Exchange> answerer(Request request, String mapped, ExchangeHandler serving) {
        // null outside any context, "/" in the root's
        String contextPath = Objects.requireNonNullElse(Request.getContextPath(request), "/");
        String raw = request.getHttpURI().getPath();
        try {
            RequestTarget.of(raw == null ? "" : raw, contextPath.equals("/") ? mapped : contextPath + mapped, "");
            return exchange -> handle(serving, exchange);
        } catch (Refusal refusal) {
            return exchange -> EarlyRefusal.answer(exchange, refusal);
        }
    }

    private static void handle(ExchangeHandler serving, Exchange exchange) {
        try {
            serving.handle(exchange);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a call could not be handled", e);
            exchange.abort();
        }
    }

    /** Lets calls under way finish, as the server stops; new ones are refused meanwhile. */
    @Override
    public CompletableFuture<Void> shutdown() {
        synchronized (this) {
            if (closing == null) {
                closing = CompletableFuture.runAsync(this::closeOwned, work -> {
                    Thread thread = new Thread(work, "tollgate-closing");
                    thread.setDaemon(true);
                    thread.start();
                });
            }
            return closing;
        }
    }

    @Override
    public boolean isShutdown() {
        synchronized (this) {
            return closing != null;
        }
    }

    private void closeOwned() {
        ExchangeHandler serving = gateway;
        if (owned && serving != null) {
            serving.close();
        }
    }

    @Override
    protected void doStop() throws Exception {
        shutdown().join();
        super.doStop();
        if (owned) {
            gateway = null;
        }
    }
}
