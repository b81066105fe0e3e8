package dev.tollgate.servlet;

import dev.tollgate.EarlyRefusal;
import dev.tollgate.Exchange;
import dev.tollgate.ExchangeHandler;
import dev.tollgate.OwnThreads;
import dev.tollgate.Refusal;
import dev.tollgate.RequestTarget;
import dev.tollgate.receive.BodyTerms;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What the filter and the Tomcat valve have in common: decides on the container's own mapping of the path whether a request
 * is the gateway's, refuses every second spelling of such a path, and hands the rest over as an {@link Exchange}.
 */
public final class ServletEdge implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ServletEdge.class.getName());

    private final ExchangeHandler gateway;
    private final ScheduledThreadPoolExecutor timer;
    private final EdgeClock clock;
    private final AtomicBoolean warnedOfBlocking = new AtomicBoolean();

    public ServletEdge(ExchangeHandler gateway) {
        this(gateway, BodyTerms.DEFAULT);
    }

    ServletEdge(ExchangeHandler gateway, BodyTerms terms) {
        this.gateway = gateway;
        this.timer = new ScheduledThreadPoolExecutor(1, OwnThreads.named("tollgate-edge-timer"));
        this.timer.setRemoveOnCancelPolicy(true);
        this.clock = new EdgeClock(timer, System::nanoTime, terms);
    }

    /** Whether a request is the gateway's. */
    public boolean serves(String method, String mappedPath) {
        return gateway.serves(method, mappedPath);
    }

    /**
     * Answers a request whose path is the gateway's; touches nothing of any other.
     *
     * @param contextPath the decoded path of the application, which the gateway's paths come after; empty for the root
     * @param mappedPath the decoded path the container has mapped, without the context path
     * @param mayBeAsync whether the request may be put into asynchronous mode
     * @return whether the request was the gateway's
     * @throws IOException when the container offers no stream to write to
     */
    public boolean answer(
            HttpServletRequest request,
            HttpServletResponse response,
            String contextPath,
            String mappedPath,
            boolean mayBeAsync)
            throws IOException {
        if (!serves(request.getMethod(), mappedPath)) {
            return false;
        }
        String query = request.getQueryString() == null ? "" : request.getQueryString();
        RequestTarget target = new RequestTarget(mappedPath, query);
        Consumer<Exchange> handler = this::handle;
        try {
            RequestTarget.of(request.getRequestURI(), contextPath + mappedPath, query);
        } catch (Refusal refusal) {
            handler = exchange -> EarlyRefusal.answer(exchange, refusal);
        }
        if (mayBeAsync) {
            ServletExchange exchange = new ServletExchange(request, response, target, clock);
            handler.accept(exchange);
            exchange.containerThreadLeaves();
        } else {
            warnOfBlocking();
            new BlockingExchange(request, response, target, clock).serve(handler);
        }
        return true;
    }

    private void handle(Exchange exchange) {
        try {
            gateway.handle(exchange);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a call could not be handled", e);
            exchange.abort();
        }
    }

    private void warnOfBlocking() {
        if (warnedOfBlocking.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "the container offers no asynchronous mode, so every call holds one of its threads until it ends: a"
                            + " filter in front of the gateway lacks <async-supported>true</async-supported>, or the"
                            + " gateway is a valve and there is no application (deploy a ROOT)");
        }
    }

    /** Stops the edge's timer. The gateway, which lets running calls finish, is to be closed before. */
    @Override
    public void close() {
        OwnThreads.end(timer);
    }
}
