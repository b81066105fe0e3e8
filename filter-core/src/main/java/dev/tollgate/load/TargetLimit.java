package dev.tollgate.load;

import dev.tollgate.config.Settings.Priority;
import java.time.Duration;

/**
 * How many calls at a time one target is given. It has no limit until more than a few of its calls were too much for it; then
 * it is given three quarters of what it had. The limit grows with every call that is borne while at least half of it is in use:
 * fast up to what was too much, by one per round from there on. Where nothing has been too much for five minutes it goes.
 *
 * <p>Calls that began before the limit shrank say nothing about the new one, so one burst shrinks it once.
 */
final class TargetLimit {
    static final int FLOOR = 5;
    static final int OPEN = Integer.MAX_VALUE;
    static final Duration QUIET = Duration.ofMinutes(5);

    private static final double SHRINK = 0.75;
    /** Less than this part of the calls that are too much is noise. */
    private static final int ONE_OF = 10;

    private static final int AT_LEAST = 2;
    /** After so many calls older ones count half. */
    private static final int MEMORY = 100;
    /** The part that batch calls may use, in percent. */
    private static final int BATCH_PERCENT = 90;

    private final Pace pace = new Pace();
    private double limit = OPEN;
    private double tooMany = OPEN;
    private int inFlight;
    private long begun;
    private long lastOfRound;
    private int borne;
    private int tooMuch;
    private long troubleNanos;

    /** Takes a place; returns the number of the call, from 1, or 0 where there is none. */
    synchronized long enter(Priority priority, long now) {
        if (isLimited() && now - troubleNanos > QUIET.toNanos()) {
            limit = OPEN;
            tooMany = OPEN;
        }
        if (inFlight >= places(priority)) {
            return 0;
        }
        inFlight++;
        return ++begun;
    }

    private long places(Priority priority) {
        long places = (long) limit;
        return priority == Priority.BATCH ? places * BATCH_PERCENT / 100 : places;
    }

    /** A call has been served its first content after so many nanoseconds. */
    synchronized void served(long number, long nanos) {
        pace.took(nanos);
        borne(number);
    }

    /** A call was borne, as far as it went. */
    synchronized void borne(long number) {
        count(number, 1, 0);
        boolean inUse = 2L * inFlight >= (long) limit;
        if (isLimited() && inUse && !pace.hasDropped()) {
            limit += limit < tooMany ? 1 : 1 / limit;
        }
    }

    /** A call was too much. */
    synchronized void tooMuch(long number, long now) {
        troubleNanos = now;
        count(number, 0, 1);
        if (tooMuch >= AT_LEAST && tooMuch * ONE_OF >= tooMuch + borne) {
            tooMany = Math.min(limit, inFlight);
            limit = Math.max(FLOOR, SHRINK * tooMany);
            lastOfRound = begun;
            borne = 0;
            tooMuch = 0;
        }
    }

    private void count(long number, int well, int badly) {
        if (number <= lastOfRound) {
            return;
        }
        borne += well;
        tooMuch += badly;
        if (borne + tooMuch > MEMORY) {
            borne /= 2;
            tooMuch /= 2;
        }
    }

    synchronized void leave() {
        inFlight--;
    }

    synchronized boolean isLimited() {
        return limit < OPEN;
    }

    /** The most calls at a time; {@link #OPEN} for any number. */
    synchronized int limit() {
        return (int) limit;
    }

    /** Whether nothing of it needs to be remembered. */
    synchronized boolean isForgettable(long now) {
        boolean calm = !isLimited() && tooMuch == 0;
        return inFlight == 0 && (calm || now - troubleNanos > QUIET.toNanos());
    }
}
