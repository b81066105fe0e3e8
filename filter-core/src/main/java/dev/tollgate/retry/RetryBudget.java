package dev.tollgate.retry;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many attempts there may be besides the first ones of calls: 16 % of the calls of the last ten seconds, of all and of
 * each tenant's, but at least ten. So when everything fails, providers are asked hardly more often than when all is well. All
 * methods may be called from any thread, and none waits.
 */
public final class RetryBudget {
    /** Of a minute in which all fails, with what is left of the ten seconds before it, less than a fifth of the calls. */
    private static final int PERCENT = 16;

    /** Twice what opens the circuit of a target that fails every time. */
    private static final int LEAST = 10;

    private static final int MOST_IDLE = 1_000;

    private final LongSupplier nanoTime;
    private final Share node;
    private final ConcurrentHashMap<String, Share> tenants = new ConcurrentHashMap<>();

    /** Whose budget is spent. */
    public enum Spent {
        NODE,
        TENANT
    }

    /** @param nanoTime a monotonic clock in nanoseconds */
    public RetryBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.node = new Share(PERCENT, LEAST, nanoTime.getAsLong());
    }

    /** Counts a call. */
    public void called(String tenant) {
        long now = nanoTime.getAsLong();
        node.count(now);
        of(tenant, now).count(now);
    }

    /** Takes leave for one more attempt at a call: null when it is given, otherwise whose budget is spent. */
    public @Nullable Spent retry(String tenant) {
        long now = nanoTime.getAsLong();
        Share own = of(tenant, now);
        if (!own.take(now)) {
            return Spent.TENANT;
        }
        if (!node.take(now)) {
            own.giveBack(now);
            return Spent.NODE;
        }
        return null;
    }

    private Share of(String tenant, long now) {
        Share known = tenants.get(tenant);
        if (known != null) {
            return known;
        }
        if (tenants.size() >= MOST_IDLE) {
            forgetIdle(now);
        }
        return tenants.computeIfAbsent(tenant, first -> new Share(PERCENT, LEAST, now));
    }

    /** Who is forgotten while its share is being used starts afresh, which costs a few attempts and no more. */
    private void forgetIdle(long now) {
        for (Iterator<Share> shares = tenants.values().iterator(); shares.hasNext(); ) {
            if (shares.next().isIdle(now)) {
                shares.remove();
            }
        }
    }
}
