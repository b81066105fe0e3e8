package dev.tollgate.servlet;

import dev.tollgate.ClosedGateway;
import dev.tollgate.ExchangeHandler;
import dev.tollgate.GatewayFactory;
import dev.tollgate.config.ConfigException;
import dev.tollgate.receive.BodyTerms;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gateway as a servlet filter. It answers the gateway's paths, relative to the application's context path, and leaves
 * every other request alone.
 *
 * <p>Three ways to have it, all of which need {@code async-supported} and a mapping to {@code /*}:
 *
 * <ul>
 *   <li>nothing to do: {@link TollgateInitializer} registers it where a configuration is found;
 *   <li>{@code web.xml}, or a subclass annotated {@code @WebFilter(urlPatterns = "/*", asyncSupported = true)};
 *   <li>a program: {@code new TollgateFilter()}, or {@code new TollgateFilter(gateway)} with a gateway of one's own.
 * </ul>
 *
 * <table>
 *   <caption>Init parameters</caption>
 *   <tr><td>{@code config}</td><td>the configuration file: an absolute path, or one under {@code /WEB-INF/}. Without it the
 *       context parameter {@code tollgate.config} counts, then {@code /WEB-INF/tollgate.yaml}. Without any of them the
 *       filter does nothing and says so once.</td></tr>
 *   <tr><td>{@code fail-start}</td><td>{@code true}: a broken configuration keeps the application from starting. Otherwise
 *       the application starts, every problem is logged, and the gateway's paths answer 503 until the application is
 *       started again.</td></tr>
 * </table>
 */
public class TollgateFilter implements Filter {
    /** The name that the filter is registered under automatically. */
    static final String AUTOMATIC_NAME = "tollgate";

    private static final System.Logger LOG = System.getLogger(TollgateFilter.class.getName());

    private final @Nullable ExchangeHandler given;
    private final BodyTerms terms;
    private @Nullable ExchangeHandler opened;
    private @Nullable ServletEdge edge;
    private String contextPath = "";

    /** A filter that opens the gateway its configuration describes, and closes it. */
    public TollgateFilter() {
        this.given = null;
        this.terms = BodyTerms.DEFAULT;
    }

    /** A filter in front of a gateway that whoever made it closes. */
    public TollgateFilter(ExchangeHandler gateway) {
        this(gateway, BodyTerms.DEFAULT);
    }

    TollgateFilter(ExchangeHandler gateway, BodyTerms terms) {
        this.given = gateway;
        this.terms = terms;
    }

    @Override
    public void init(FilterConfig config) throws ServletException {
        ServletContext context = config.getServletContext();
        contextPath = context.getContextPath();
        if (given != null) {
            edge = new ServletEdge(given, terms);
        } else if (!isAutomatic(config) || !anotherIsRegistered(context)) {
            open(config, context);
        }
    }

    private void open(FilterConfig config, ServletContext context) throws ServletException {
        Optional<String> location = ConfigLocation.of(context, config.getInitParameter("config"));
        if (location.isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "Tollgate does nothing in {0}: there is no init parameter \"config\", no context parameter "
                            + "\"{1}\" and no {2}",
                    name(context),
                    ConfigLocation.CONTEXT_PARAMETER,
                    ConfigLocation.DEFAULT);
            return;
        }
        boolean failStart = Boolean.parseBoolean(config.getInitParameter("fail-start"));
        opened = openOrClosed(ConfigLocation.file(context, location.get()), failStart);
        edge = new ServletEdge(opened, terms);
    }

    private static ExchangeHandler openOrClosed(Path file, boolean failStart) throws ServletException {
        try {
            return GatewayFactory.open(file);
        } catch (ConfigException e) {
            if (failStart) {
                throw new ServletException(e.getMessage(), e);
            }
            LOG.log(
                    Level.ERROR,
                    "Tollgate is closed, its paths answer 503, because its configuration is broken:\n"
                            + e.getMessage());
            return new ClosedGateway();
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!isOurs(request, response)) {
            chain.doFilter(request, response);
        }
    }

    /** Answers the request if it is the gateway's. */
    private boolean isOurs(ServletRequest request, ServletResponse response) throws IOException {
        if (edge == null
                || request.getDispatcherType() != DispatcherType.REQUEST
                || !(request instanceof HttpServletRequest http)
                || !(response instanceof HttpServletResponse answer)) {
            return false;
        }
        String pathInfo = http.getPathInfo();
        String mapped = pathInfo == null ? http.getServletPath() : http.getServletPath() + pathInfo;
        return edge.answer(http, answer, contextPath, mapped, request.isAsyncSupported());
    }

    @Override
    public void destroy() {
        if (opened != null) {
            opened.close();
            opened = null;
        }
        if (edge != null) {
            edge.close();
            edge = null;
        }
    }

    private static boolean isAutomatic(FilterConfig config) {
        return AUTOMATIC_NAME.equals(config.getFilterName())
                && config.getInitParameter(TollgateInitializer.AUTOMATIC) != null;
    }

    /** Whether the application has registered the filter itself, in whatever way. */
    static boolean anotherIsRegistered(ServletContext context) {
        return context.getFilterRegistrations().values().stream().anyMatch(other -> isAnother(other, context));
    }

    private static boolean isAnother(FilterRegistration registration, ServletContext context) {
        if (registration.getInitParameter(TollgateInitializer.AUTOMATIC) != null
                || registration.getClassName() == null) {
            return false;
        }
        try {
            ClassLoader own = context.getClassLoader();
            ClassLoader loader = own != null ? own : TollgateFilter.class.getClassLoader();
            Class<?> type = Class.forName(registration.getClassName(), false, loader);
            return TollgateFilter.class.isAssignableFrom(type);
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static String name(ServletContext context) {
        return context.getContextPath().isEmpty() ? "the root context" : context.getContextPath();
    }
}
