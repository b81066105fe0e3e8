package dev.tollgate.retry;

import java.time.Duration;

/** A share of what has been counted in the last ten seconds, and how much of it is taken. May be used by any thread. */
final class Share {
    private static final int SLOTS = 10;
    private static final long SLOT_NANOS = Duration.ofSeconds(1).toNanos();

    private final int percent;
    private final int least;
    private final long[] counted = new long[SLOTS];
    private final long[] taken = new long[SLOTS];
    private long slot;

    /** @param least what may be taken however little was counted */
    Share(int percent, int least, long now) {
        this.percent = percent;
        this.least = least;
        this.slot = Math.floorDiv(now, SLOT_NANOS);
    }

    synchronized void count(long now) {
        counted[at(now)]++;
    }

    /** Takes one, unless the share is used up. */
    synchronized boolean take(long now) {
        int current = at(now);
        if (sum(taken) >= Math.max(least, sum(counted) * percent / 100)) {
            return false;
        }
        taken[current]++;
        return true;
    }

    /** Gives back one that was taken a moment ago. */
    synchronized void giveBack(long now) {
        int current = at(now);
        taken[current] = Math.max(0, taken[current] - 1);
    }

    /** Whether nothing has been counted or taken lately. */
    synchronized boolean isIdle(long now) {
        int unused = at(now);
        return sum(counted) == 0 && sum(taken) == 0;
    }

    /** The place of now in the ring, whose older places are emptied. Clocks of several threads may be a little apart. */
    private int at(long now) {
        long current = Math.max(slot, Math.floorDiv(now, SLOT_NANOS));
        for (long each = Math.max(slot + 1, current - SLOTS + 1); each <= current; each++) {
            counted[place(each)] = 0;
            taken[place(each)] = 0;
        }
        slot = current;
        return place(current);
    }

    private static int place(long each) {
        return (int) Math.floorMod(each, (long) SLOTS);
    }

    private static long sum(long[] slots) {
        long sum = 0;
        for (long each : slots) {
            sum += each;
        }
        return sum;
    }
}
