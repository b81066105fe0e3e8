package dev.tollgate.health;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How a target is doing, whatever credential it is asked with: how much is under way there, and how fast it is. */
final class TargetHealth {
    private final Map<String, Access> accesses = new ConcurrentHashMap<>(2);
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Waiting waiting = new Waiting();
    private final Pace pace = new Pace();
    private final SlowTimes times;
    private final Recent recent = new Recent();
    private final CoolDown coolDown = new CoolDown();
    private volatile long usedAt;

    TargetHealth(long now) {
        this.times = new SlowTimes(now);
        this.usedAt = now;
    }

    Map<String, Access> accesses() {
        return accesses;
    }

    AtomicInteger inFlight() {
        return inFlight;
    }

    Waiting waiting() {
        return waiting;
    }

    Pace pace() {
        return pace;
    }

    SlowTimes times() {
        return times;
    }

    Recent recent() {
        return recent;
    }

    /** The target as a whole has asked to be let be. */
    CoolDown coolDown() {
        return coolDown;
    }

    void used(long now) {
        usedAt = now;
    }

    /** Nanoseconds since it was last asked; -1 while it is being asked. */
    long idle(long now) {
        return inFlight.get() > 0 ? -1 : Math.max(0, now - usedAt);
    }

    /** Whether there is nothing bad to be remembered of it. */
    boolean isWell(long now) {
        return accesses.values().stream().allMatch(access -> access.outlook(now).isUsable());
    }

    Standing standing(Outlook outlook, long now) {
        return new Standing(
                outlook.condition(),
                outlook.time(),
                outlook.share(),
                inFlight.get(),
                pace.expected(waiting.longest(now), now),
                times.nineteenOfTwenty(now));
    }
}
