package dev.tollgate.testing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One {@link RealGateway} in each server for all suites of a run that only call it; they end with the run. */
public final class SharedGateways {
    private static final Map<Servers, RealGateway> RUNNING = new ConcurrentHashMap<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.values().forEach(RealGateway::close)));
    }

    private SharedGateways() {}

    /** The gateway in a server, which is started when it is first asked for. */
    public static RealGateway in(Servers kind) {
        return RUNNING.computeIfAbsent(kind, server -> RealGateway.start(server, "shared"));
    }
}
