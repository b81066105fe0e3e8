package dev.tollgate.forward;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The answers that are read on after their callers have left, of which there are only so many at a time in the gateway. */
final class Drains {
    static final int MOST = 64;

    private final Set<Runnable> underWay = new HashSet<>();
    private boolean closed;

    /**
     * Begins one, if there is room.
     *
     * @param stop ends it; called from any thread when the gateway closes
     */
    synchronized boolean begin(Runnable stop) {
        return !closed && underWay.size() < MOST && underWay.add(stop);
    }

    /** One is over, or was none. */
    synchronized void end(Runnable stop) {
        underWay.remove(stop);
    }

    /** Ends all, and lets none begin. */
    void close() {
        List<Runnable> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(underWay);
        }
        all.forEach(Runnable::run);
    }
}
