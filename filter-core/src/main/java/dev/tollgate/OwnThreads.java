package dev.tollgate;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that are the gateway's own: they keep no JVM alive, and they belong to who opens the gateway rather than to the
 * application whose request happens to need the first of them.
 */
public final class OwnThreads {
    private OwnThreads() {}

    /** Makes threads that all bear one name. */
    public static ThreadFactory named(String name) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return work -> thread(work, name, loader);
    }

    /** Makes threads that bear a name and a number each. */
    public static ThreadFactory numbered(String name) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        AtomicInteger count = new AtomicInteger();
        return work -> thread(work, name + "-" + count.incrementAndGet(), loader);
    }

    private static Thread thread(Runnable work, String name, ClassLoader loader) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        return thread;
    }

    /** Stops an executor and waits a moment for its threads to go, lest a container that undeploys us takes them for a leak. */
    public static void end(ExecutorService executor) {
        executor.shutdownNow();
        try {
            boolean ignored = executor.awaitTermination(1, TimeUnit.SECONDS); // who waits in the system may take longer
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
