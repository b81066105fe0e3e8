package dev.tollgate.choose;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Which cold targets are being tried out: one call at a time, and where nothing comes of it another after a while. */
final class Probes {
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final int MOST = 10_000;

    private final ConcurrentMap<String, Long> begun = new ConcurrentHashMap<>();

    /** Whether a target may be tried out now, which is then taken to be done. */
    boolean claim(String label, long nanos) {
        Long last = begun.get(label);
        if (last == null) {
            if (begun.size() >= MOST) {
                begun.clear(); // names that callers make up behind a pattern
            }
            return begun.putIfAbsent(label, nanos) == null;
        }
        return nanos - last >= PATIENCE_NANOS && begun.replace(label, last, nanos);
    }
}
