package dev.tollgate.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the same target is asked again. Waits are drawn at random, so that callers do not come back together. */
public final class Backoff {
    /** The longest wait that a provider asks for which is waited here; a longer one is the caller's. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final long FIRST_MILLIS = 250;
    private static final long MOST_MILLIS = 8_000;
    private static final int MOST_DOUBLINGS = 5;
    private static final long LEAST_OVERLOAD_MILLIS = 1_000;
    private static final long MOST_OVERLOAD_MILLIS = 5_000;

    private final RandomGenerator random;

    public Backoff(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Anything between nothing and 250 ms, doubled each time, up to 8 s.
     *
     * @param repeats how often the call has waited already
     */
    public Duration before(int repeats) {
        long most = Math.min(MOST_MILLIS, FIRST_MILLIS << Math.min(Math.max(0, repeats), MOST_DOUBLINGS));
        return Duration.ofMillis(random.nextLong(most + 1));
    }

    /** What a caller is told to wait when a provider has too much to do and does not say for how long: 1 s to 5 s. */
    public Duration overload() {
        return Duration.ofMillis(random.nextLong(LEAST_OVERLOAD_MILLIS, MOST_OVERLOAD_MILLIS + 1));
    }
}
