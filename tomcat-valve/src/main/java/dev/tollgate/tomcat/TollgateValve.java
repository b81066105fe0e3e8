package dev.tollgate.tomcat;

import dev.tollgate.ClosedGateway;
import dev.tollgate.ExchangeHandler;
import dev.tollgate.GatewayFactory;
import dev.tollgate.config.ConfigException;
import dev.tollgate.servlet.ServletEdge;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ContinueResponseTiming;
import org.jspecify.annotations.Nullable;

/**
 * The gateway as a Tomcat valve: it answers the gateway's paths and hands every other request on. In a {@code Context} the
 * paths are relative to the application, in a {@code Host} or {@code Engine} they are the server's own.
 *
 * <p>A valve stands before Tomcat's mapping to filters and servlets, so it decides on Tomcat's decoded and normalised path,
 * and refuses every other spelling of a path that is the gateway's.
 *
 * <p>In a {@code Host} or {@code Engine} a {@code ROOT} application should be deployed: Tomcat offers asynchronous mode only
 * inside an application, and without one every call holds a thread until it ends.
 *
 * <table>
 *   <caption>Attributes</caption>
 *   <tr><td>{@code config}</td><td>the configuration file, absolute or inside {@code catalina.base}
 *       (default {@code conf/tollgate.yaml})</td></tr>
 *   <tr><td>{@code failStart}</td><td>{@code true}: a broken configuration keeps the container from starting. Otherwise it
 *       starts, every problem is logged, and the gateway's paths answer 503.</td></tr>
 * </table>
 */
public class TollgateValve extends ValveBase {
    private static final System.Logger LOG = System.getLogger(TollgateValve.class.getName());

    private final @Nullable ExchangeHandler given;
    private String config = "conf/tollgate.yaml";
    private boolean failStart;
    private @Nullable ExchangeHandler opened;
    private @Nullable ServletEdge edge;

    /** A valve that opens the gateway its configuration describes, and closes it. */
    public TollgateValve() {
        super(true);
        this.given = null;
    }

    /** A valve in front of a gateway that whoever made it closes. */
    public TollgateValve(ExchangeHandler gateway) {
        super(true);
        this.given = gateway;
    }

    /** The configuration file, absolute or inside {@code catalina.base}. */
    public void setConfig(String file) {
        this.config = file;
    }

    public String getConfig() {
        return config;
    }

    /** Whether a broken configuration keeps the container from starting. */
    public void setFailStart(boolean failStart) {
        this.failStart = failStart;
    }

    public boolean isFailStart() {
        return failStart;
    }

    @Override
    protected void startInternal() throws LifecycleException {
        if (given != null) {
            edge = new ServletEdge(given);
        } else {
            opened = open();
            edge = new ServletEdge(opened);
        }
        super.startInternal();
    }

    private ExchangeHandler open() throws LifecycleException {
        try {
            return GatewayFactory.open(
                    Path.of(System.getProperty("catalina.base", "")).resolve(config.trim()));
        } catch (ConfigException e) {
            if (failStart) {
                throw new LifecycleException(e);
            }
            LOG.log(
                    Level.ERROR,
                    "Tollgate is closed, its paths answer 503, because its configuration is broken:\n"
                            + e.getMessage());
            return new ClosedGateway();
        }
    }

    @Override
    protected void stopInternal() throws LifecycleException {
        super.stopInternal();
        if (opened != null) {
            opened.close();
            opened = null;
        }
        if (edge != null) {
            edge.close();
            edge = null;
        }
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (!answers(request, response)) {
            getNext().invoke(request, response);
        }
    }

    private boolean answers(Request request, Response response) throws IOException {
        ServletEdge serving = edge;
        String decoded = request.getDecodedRequestURI();
        String contextPath = container instanceof Context context ? context.getPath() : "";
        if (serving == null || decoded == null || !decoded.startsWith(contextPath)) {
            return false;
        }
        String mapped = decoded.substring(contextPath.length());
        if (!serving.serves(request.getMethod(), mapped)) {
            return false;
        }
        // To a client that waits for leave to send its body; Tomcat gives it only further down the pipeline.
        response.sendAcknowledgement(ContinueResponseTiming.ALWAYS);
        boolean mayBeAsync = request.getContext() != null && request.isAsyncSupported();
        return serving.answer(request.getRequest(), response.getResponse(), contextPath, mapped, mayBeAsync);
    }
}
