package dev.tollgate.hazelcast;

import com.hazelcast.internal.util.ConcurrencyUtil;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that Hazelcast's answers come back on. It takes the common pool where that has more than one, and else, which
 * is on machines with one or two processors, starts a new thread for every answer: measured, that is a hundredfold slower.
 */
final class CallbackThreads {
    private static final Logger LOG = System.getLogger(CallbackThreads.class.getName());
    private static final int THREADS = 2;

    private CallbackThreads() {}

    /** Gives Hazelcast threads of its own where it would start one per answer, and where nobody else has given it some. */
    static void ensureThereAreSome() {
        if (ForkJoinPool.getCommonPoolParallelism() > 1) {
            return;
        }
        try {
            if (!(ConcurrencyUtil.getDefaultAsyncExecutor() instanceof ThreadPoolExecutor)) {
                ConcurrencyUtil.setDefaultAsyncExecutor(threads());
            }
        } catch (LinkageError e) {
            // An internal class of Hazelcast's, which another release may not have. It works without, only slower.
            LOG.log(Level.DEBUG, "Hazelcast keeps its own way of calling back", e);
        }
    }

    private static ThreadPoolExecutor threads() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "tollgate-cluster-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        // Idle threads end, so that they do not hold an undeployed application in memory.
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
