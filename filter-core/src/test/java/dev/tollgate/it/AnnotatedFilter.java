package dev.tollgate.it;

import dev.tollgate.servlet.TollgateFilter;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.annotation.WebInitParam;

/** How an application registers the gateway by annotation. */
@WebFilter(
        urlPatterns = "/*",
        asyncSupported = true,
        initParams = @WebInitParam(name = "config", value = "/WEB-INF/conf/gateway.yaml"))
public class AnnotatedFilter extends TollgateFilter {}
