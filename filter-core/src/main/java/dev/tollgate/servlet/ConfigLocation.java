package dev.tollgate.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where an application keeps the gateway's configuration: an absolute path of the machine, or a path under {@code /WEB-INF/}
 * of the application.
 */
final class ConfigLocation {
    /** The context parameter that names the file. */
    static final String CONTEXT_PARAMETER = "tollgate.config";

    /** The file that is used when nothing names one. */
    static final String DEFAULT = "/WEB-INF/tollgate.yaml";

    private ConfigLocation() {}

    /**
     * The first that is given: the filter's own parameter, the context parameter, the default file if it exists.
     *
     * @param filterParameter the filter's own, or null
     */
    static Optional<String> of(ServletContext context, @Nullable String filterParameter) {
        if (filterParameter != null && !filterParameter.isBlank()) {
            return Optional.of(filterParameter.trim());
        }
        String named = context.getInitParameter(CONTEXT_PARAMETER);
        if (named != null && !named.isBlank()) {
            return Optional.of(named.trim());
        }
        return exists(context, DEFAULT) ? Optional.of(DEFAULT) : Optional.empty();
    }

    /** The file to open for a location. */
    static Path file(ServletContext context, String location) throws ServletException {
        if (location.startsWith("/WEB-INF/")) {
            return inApplication(context, location);
        }
        Path path = Path.of(location);
        if (!path.isAbsolute()) {
            throw new ServletException("the gateway's configuration '" + location
                    + "' is neither an absolute path nor one under /WEB-INF/");
        }
        return path;
    }

    private static Path inApplication(ServletContext context, String location) throws ServletException {
        String real = context.getRealPath(location);
        return real != null ? Path.of(real) : unpacked(context, location);
    }

    /** A copy in the application's temporary folder, for an archive that the container serves without unpacking. */
    private static Path unpacked(ServletContext context, String location) throws ServletException {
        try (InputStream in = context.getResourceAsStream(location)) {
            if (in == null) {
                throw new ServletException("the gateway's configuration " + location + " is not in the application");
            }
            File folder = (File) context.getAttribute(ServletContext.TEMPDIR);
            Path copy = folder.toPath().resolve("tollgate.yaml");
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException e) {
            throw new ServletException("the gateway's configuration " + location + " cannot be read", e);
        }
    }

    private static boolean exists(ServletContext context, String path) {
        try {
            return context.getResource(path) != null;
        } catch (MalformedURLException e) {
            return false;
        }
    }
}
