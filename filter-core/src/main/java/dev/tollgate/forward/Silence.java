package dev.tollgate.forward;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How long each side of a streamed answer has done nothing, and may still do so. Times are those of the call's clock. */
final class Silence {
    private static final long LONGEST_SIGN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final long idleNanos;
    private final long heartbeatNanos;
    /** When the provider last sent something. */
    private long heardNanos;
    /** When the caller last took something, or was offered something after it had taken all. */
    private long callerNanos;

    /**
     * @param idle how long either side may do nothing
     * @param heartbeat after what time a caller who has taken all is given a sign of life; zero for never
     */
    Silence(Duration idle, Duration heartbeat) {
        this.idleNanos = idle.toNanos();
        this.heartbeatNanos = heartbeat.toNanos();
    }

    void brokenByProvider(long now) {
        heardNanos = now;
    }

    void brokenByCaller(long now) {
        callerNanos = now;
    }

    /** Nanoseconds left for the side that is being waited for. */
    long left(boolean callersTurn, long now) {
        return idleNanos - (now - (callersTurn ? callerNanos : heardNanos));
    }

    /** Nanoseconds until the time of either side may be over, if it is not over yet for the one whose turn it is not. */
    long left(long now) {
        long provider = left(false, now);
        long caller = left(true, now);
        return provider > 0 && caller > 0 ? Math.min(provider, caller) : Math.max(provider, caller);
    }

    /** Nanoseconds until a caller who has taken all is due a sign of life. */
    long untilHeartbeat(long now) {
        return heartbeatNanos > 0 ? heartbeatNanos - (now - callerNanos) : Long.MAX_VALUE;
    }

    /** Nanoseconds until a sign of life that was begun is due its end. */
    long untilEndOfSign(long now) {
        return Math.min(heartbeatNanos / 2, LONGEST_SIGN_NANOS) - (now - callerNanos);
    }

    /** The least nanoseconds until a caller who has still something to take can be due one. */
    long heartbeat() {
        return heartbeatNanos > 0 ? heartbeatNanos : Long.MAX_VALUE;
    }
}
