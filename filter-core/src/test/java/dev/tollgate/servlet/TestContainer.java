package dev.tollgate.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A real servlet container on a loopback port, with one application whose own servlet says that a request reached it. */
public interface TestContainer extends AutoCloseable {
    /** Without it a kernel may hold tens of megabytes of a body, and be slow to say that there is room again. */
    int RECEIVE_BUFFER = 1024 * 1024;

    int port();

    /** Stops the application, as an undeploy does; the server goes on. */
    void undeploy() throws Exception;

    @Override
    void close();

    /** Which container. */
    enum Kind {
        TOMCAT,
        JETTY
    }

    /** An application to be started. Filters are mapped to everything, in order. */
    final class App {
        final Kind kind;
        final Map<String, Filter> filters = new LinkedHashMap<>();
        final Map<String, Boolean> asynchronous = new LinkedHashMap<>();
        final Map<String, Map<String, String>> parameters = new LinkedHashMap<>();
        final Map<String, String> contextParameters = new LinkedHashMap<>();
        ServletContainerInitializer initializer;
        String contextPath = "";
        Path root;

        public App(Kind kind) {
            this.kind = kind;
        }

        public App filter(String name, Filter filter) {
            return filter(name, filter, true, Map.of());
        }

        public App filter(String name, Filter filter, boolean async, Map<String, String> initParameters) {
            filters.put(name, filter);
            asynchronous.put(name, async);
            parameters.put(name, initParameters);
            return this;
        }

        public App initializer(ServletContainerInitializer newInitializer) {
            initializer = newInitializer;
            return this;
        }

        public App contextParameter(String name, String value) {
            contextParameters.put(name, value);
            return this;
        }

        public App at(String newContextPath) {
            contextPath = newContextPath;
            return this;
        }

        public App rootedAt(Path folder) {
            root = folder;
            return this;
        }

        public TestContainer start() throws Exception {
            if (root == null) {
                root = Files.createTempDirectory("tollgate-app");
            }
            return kind == Kind.TOMCAT ? new TomcatContainer(this) : new JettyContainer(this);
        }
    }

    /** The application's own servlet. */
    final class ApplicationServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setHeader("x-reached", "application");
            response.getWriter().print("application " + request.getServletPath());
        }
    }

    /** Embedded Tomcat. */
    final class TomcatContainer implements TestContainer {
        private final Tomcat tomcat = new Tomcat();
        private final Context context;

        TomcatContainer(App app) throws Exception {
            tomcat.setBaseDir(Files.createTempDirectory("tollgate-tomcat").toString());
            tomcat.setPort(0);
            tomcat.getConnector().setProperty("socket.rxBufSize", String.valueOf(RECEIVE_BUFFER));
            context = tomcat.addContext(app.contextPath, app.root.toString());
            if (context instanceof StandardContext standard) {
                // its leak checks want the JVM opened, and warn of that for every test
                standard.setClearReferencesRmiTargets(false);
                standard.setClearReferencesThreadLocals(false);
            }
            app.contextParameters.forEach(context::addParameter);
            app.filters.forEach((name, filter) -> {
                FilterDef definition = new FilterDef();
                definition.setFilterName(name);
                definition.setFilter(filter);
                definition.setFilterClass(filter.getClass().getName());
                definition.setAsyncSupported(app.asynchronous.get(name).toString());
                app.parameters.get(name).forEach(definition::addInitParameter);
                context.addFilterDef(definition);
                FilterMap map = new FilterMap();
                map.setFilterName(name);
                map.addURLPattern("/*");
                context.addFilterMap(map);
            });
            if (app.initializer != null) {
                context.addServletContainerInitializer(app.initializer, Set.of());
            }
            Tomcat.addServlet(context, "application", new ApplicationServlet());
            context.addServletMappingDecoded("/", "application");
            tomcat.start();
        }

        @Override
        public void undeploy() throws Exception {
            context.stop();
        }

        @Override
        public int port() {
            return tomcat.getConnector().getLocalPort();
        }

        @Override
        public void close() {
            try {
                tomcat.stop();
                tomcat.destroy();
            } catch (LifecycleException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Embedded Jetty. */
    final class JettyContainer implements TestContainer {
        private final Server server = new Server();
        private final ServerConnector connector = new ServerConnector(server);
        private final ServletContextHandler context;

        JettyContainer(App app) throws Exception {
            connector.setHost("127.0.0.1");
            connector.setAcceptedReceiveBufferSize(RECEIVE_BUFFER);
            server.addConnector(connector);
            context = new ServletContextHandler(
                    app.contextPath.isEmpty() ? "/" : app.contextPath, ServletContextHandler.SESSIONS);
            context.setBaseResourceAsPath(app.root);
            app.contextParameters.forEach(context::setInitParameter);
            app.filters.forEach((name, filter) -> {
                FilterHolder holder = new FilterHolder(filter);
                holder.setName(name);
                holder.setAsyncSupported(app.asynchronous.get(name));
                holder.setInitParameters(app.parameters.get(name));
                context.addFilter(holder, "/*", EnumSet.of(jakarta.servlet.DispatcherType.REQUEST));
            });
            if (app.initializer != null) {
                context.addServletContainerInitializer(app.initializer);
            }
            context.addServlet(new ServletHolder("application", new ApplicationServlet()), "/");
            server.setHandler(context);
            server.start();
        }

        @Override
        public void undeploy() throws Exception {
            context.stop();
        }

        @Override
        public int port() {
            return connector.getLocalPort();
        }

        @Override
        public void close() {
            try {
                server.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
