package dev.tollgate.limit;

import dev.tollgate.config.Settings.Mode;
import dev.tollgate.config.Settings.Per;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Writes what happens at limits into the log {@code tollgate.limits}, and hands it on. Refusals of limits that are enforced stand
 * with their calls already; of limits in shadow mode one is told in a minute, with how many there were.
 */
public final class LimitLog implements LimitEvents {
    private static final Logger LOG = System.getLogger("tollgate.limits");
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_LIMITS = 1_000;

    private final LimitEvents next;
    private final LongSupplier nanoTime;
    private final Map<String, Quiet> shadows = new ConcurrentHashMap<>();

    /** @param nanoTime a monotonic clock in nanoseconds */
    public LimitLog(LimitEvents next, LongSupplier nanoTime) {
        this.next = next;
        this.nanoTime = nanoTime;
    }

    @Override
    public void threshold(Per per, String whose, String message) {
        LOG.log(Level.WARNING, "{0}", message);
        next.threshold(per, whose, message);
    }

    @Override
    public void refused(Per per, String unit, Mode mode, String limit, String message) {
        if (mode == Mode.SHADOW) {
            tell(limit, message);
        }
        next.refused(per, unit, mode, limit, message);
    }

    private void tell(String limit, String message) {
        long now = nanoTime.getAsLong();
        if (shadows.size() >= MOST_LIMITS) {
            shadows.values().removeIf(quiet -> now - quiet.since >= PAUSE_NANOS);
        }
        shadows.compute(shadows.size() < MOST_LIMITS ? limit : "others", (same, quiet) -> {
            if (quiet != null && now - quiet.since < PAUSE_NANOS) {
                return new Quiet(quiet.since, quiet.untold + 1);
            }
            String more = quiet == null || quiet.untold == 0 ? "" : " (and " + quiet.untold + " calls before it)";
            LOG.log(Level.WARNING, "in shadow mode a call would have been refused{0}: {1}", more, message);
            return new Quiet(now, 0);
        });
    }

    /** Since when nothing was told of a limit, and how many calls there have been. */
    private record Quiet(long since, long untold) {}
}
