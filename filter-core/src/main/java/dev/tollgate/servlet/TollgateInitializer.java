package dev.tollgate.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Registers the filter, before all others, in an application that has a configuration for it and has not registered it
 * itself. An application without a configuration is left alone, even where the JAR is shared by all.
 */
public final class TollgateInitializer implements ServletContainerInitializer {
    /** Marks the automatic registration, which gives way to any the application makes, before or after. */
    static final String AUTOMATIC = "dev.tollgate.automatic";

    @Override
    public void onStartup(@Nullable Set<Class<?>> none, ServletContext context) {
        if (ConfigLocation.of(context, null).isEmpty() || TollgateFilter.anotherIsRegistered(context)) {
            return;
        }
        FilterRegistration.Dynamic filter = context.addFilter(TollgateFilter.AUTOMATIC_NAME, new TollgateFilter());
        if (filter != null) {
            filter.setAsyncSupported(true);
            filter.setInitParameter(AUTOMATIC, "true");
            filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        }
    }
}
