package dev.tollgate.health;

import dev.tollgate.health.Standing.Condition;
import dev.tollgate.health.Verdict.Kind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long somebody is let be because a provider has said so, or because it was of no use to ask. */
final class CoolDown {
    private static final long PROBE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Duration MOST_SAID = Duration.ofMinutes(5);

    /** A difference in the end that is worth a word to others. */
    private static final long NEWS_NANOS = Duration.ofSeconds(1).toNanos();

    private volatile @Nullable Rest rest;
    private long probed;

    /**
     * A time of being let be. It is remembered when it is over, so that the next is longer.
     *
     * @param begun nanoseconds, when that was found out
     * @param until nanoseconds
     * @param isSaid whether the provider itself has said how long, or that it is pointless
     * @param isHinted whether another node found that out
     * @param times how often without an answer in between
     */
    record Rest(Kind kind, long begun, long until, boolean isSaid, boolean isHinted, int times) {}

    /**
     * Somebody is to be let be.
     *
     * @param began when the attempt began that found that out: of many that were under way together, only one makes it longer
     * @return the time, where that is news
     */
    synchronized Optional<Rest> cool(Kind kind, Optional<Duration> said, long began, long now) {
        Rest before = rest;
        boolean again = before != null && before.kind() == kind;
        int times = before == null || !again ? 1 : began - before.begun() <= 0 ? before.times() : before.times() + 1;
        long end = now + said.map(CoolDown::held).orElseGet(() -> grown(kind, times));
        boolean isSaid = said.isPresent() || kind == Kind.SPENT;
        boolean isLonger = before == null || end - before.until() > 0;
        if (before != null && !isLonger) {
            rest = new Rest(before.kind(), now, before.until(), before.isSaid(), before.isHinted(), times);
        } else {
            rest = new Rest(kind, now, end, isSaid, false, times);
        }
        probed = now;
        boolean isNews =
                before == null || end - Math.max(now, before.until()) > NEWS_NANOS || now - before.until() >= 0;
        return isNews && end - now > 0 ? Optional.ofNullable(rest) : Optional.empty();
    }

    private static long held(Duration said) {
        Duration most = said.compareTo(MOST_SAID) > 0 ? MOST_SAID : said;
        return most.isNegative() ? 0 : most.toNanos();
    }

    private static long grown(Kind kind, int times) {
        Duration first = switch (kind) {
            case SPENT -> Duration.ofMinutes(5);
            case UNAUTHORIZED -> Duration.ofSeconds(60);
            default -> Duration.ofSeconds(5);
        };
        Duration most = switch (kind) {
            case SPENT -> Duration.ofHours(1);
            case UNAUTHORIZED -> Duration.ofMinutes(10);
            default -> Duration.ofSeconds(60);
        };
        return Math.min(first.toNanos() << Math.min(times - 1, 10), most.toNanos());
    }

    /** Another node has let somebody be. */
    synchronized void hinted(Kind kind, long left, boolean isSaid, long now) {
        Rest before = rest;
        if (before == null || now + left - before.until() > 0) {
            rest = new Rest(kind, now, now + left, isSaid, true, before == null ? 0 : before.times());
            probed = now;
        }
    }

    /** Another node has found that it may be asked. */
    synchronized void recanted() {
        Rest before = rest;
        if (before != null && before.isHinted()) {
            rest = null;
        }
    }

    /**
     * An attempt was answered.
     *
     * @return whether somebody who was let be is not any more
     */
    boolean well(long began, long now) {
        return rest != null && clear(began, now);
    }

    private synchronized boolean clear(long began, long now) {
        Rest before = rest;
        if (before == null || began - before.begun() < 0) {
            return false;
        }
        rest = null;
        return before.until() - now > 0;
    }

    /** Whether somebody who is alone may be asked now: always, unless the provider has said it; then now and then. */
    boolean admitsLast(long now) {
        Rest current = rest;
        return current == null || current.until() - now <= 0 || !current.isSaid() || probe(now);
    }

    private synchronized boolean probe(long now) {
        boolean isTime = now - probed >= PROBE_NANOS;
        if (isTime) {
            probed = now;
        }
        return isTime;
    }

    Outlook outlook(long now) {
        Rest current = rest;
        if (current == null) {
            return Outlook.WELL;
        }
        return Outlook.until(current.kind() == Kind.SPENT ? Condition.SPENT : Condition.COOLING, current.until() - now);
    }
}
