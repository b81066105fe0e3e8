package dev.tollgate.health;

import java.util.Arrays;
import java.util.OptionalLong;

/** The times to first token of the last calls of the last minutes, of which nineteen of twenty were no longer than is told. */
final class SlowTimes {
    private static final int MOST = 128;
    private static final int FEWEST = 16;
    private static final int ENOUGH = 20;
    private static final int KEPT_SECONDS = 300;
    private static final int STALE_SECONDS = 5;
    private static final long SECOND = 1_000_000_000L;
    private static final OptionalLong UNKNOWN = OptionalLong.empty();

    private final long origin;
    private int[] micros = new int[FEWEST];
    private int[] seconds = new int[FEWEST];
    private int size;
    private int next;
    private volatile OptionalLong known = UNKNOWN;
    private volatile int knownAt;
    private volatile boolean any;

    SlowTimes(long now) {
        this.origin = now;
    }

    synchronized void add(long nanos, long now) {
        if (next == micros.length && micros.length < MOST) {
            micros = Arrays.copyOf(micros, 2 * micros.length);
            seconds = Arrays.copyOf(seconds, 2 * seconds.length);
        }
        int at = next % MOST;
        micros[at] = (int) Math.min(Integer.MAX_VALUE, nanos / 1_000);
        seconds[at] = second(now);
        next = at + 1;
        size = Math.max(size, next);
        any = true;
        if (size == ENOUGH || next % 8 == 0) {
            weigh(second(now));
        }
    }

    /** In nanoseconds; empty where too few were seen. */
    OptionalLong nineteenOfTwenty(long now) {
        if (any && second(now) - knownAt >= STALE_SECONDS) {
            synchronized (this) {
                weigh(second(now));
            }
        }
        return known;
    }

    private void weigh(int second) {
        int[] recent = new int[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (second - seconds[i] <= KEPT_SECONDS) {
                recent[count++] = micros[i];
            }
        }
        Arrays.sort(recent, 0, count);
        known = count < ENOUGH ? UNKNOWN : OptionalLong.of(recent[(int) Math.ceil(0.95 * count) - 1] * 1_000L);
        knownAt = second;
    }

    private int second(long now) {
        return (int) ((now - origin) / SECOND);
    }
}
