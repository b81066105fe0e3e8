package dev.tollgate.forward;

import java.util.concurrent.TimeUnit;

/**
 * How fast an answer comes, measured in windows of five seconds from its first content on. A window in which the provider could
 * not be expected to send anything is begun again.
 */
final class Throughput {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long WINDOW_SECONDS = TimeUnit.NANOSECONDS.toSeconds(WINDOW_NANOS);

    private final int least;
    private boolean measuring;
    private long sinceNanos;
    private long characters;

    /** @param least characters a second; 0 for any */
    Throughput(int least) {
        this.least = least;
    }

    /** Begins a window, if there is a least. */
    void begin(long now, long charactersSoFar) {
        measuring = least > 0;
        sinceNanos = now;
        characters = charactersSoFar;
    }

    /** Begins the window under way again, if there is one. */
    void beginAgain(long now, long charactersSoFar) {
        if (measuring) {
            begin(now, charactersSoFar);
        }
    }

    /** Nanoseconds until there is something to be said about the window under way. */
    long left(long now) {
        return measuring ? WINDOW_NANOS - (now - sinceNanos) : Long.MAX_VALUE;
    }

    /** Whether the window that is over was too slow. If not, or if it is not over, it is fast enough; the next one begins. */
    boolean isTooSlow(long now, long charactersSoFar) {
        if (left(now) > 0) {
            return false;
        }
        boolean slow = charactersSoFar - characters < least * WINDOW_SECONDS;
        begin(now, charactersSoFar);
        return slow;
    }

    /** What is wrong with an answer that is too slow. */
    String complaint() {
        return "its stream came slower than " + least + " characters a second";
    }
}
