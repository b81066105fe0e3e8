package dev.tollgate.load;

import dev.tollgate.config.Settings.Overload;
import dev.tollgate.config.Settings.Priority;
import dev.tollgate.load.Load.Stay;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where calls are let in or turned away. What it counts it counts before it looks, so that no two calls take the last place;
 * batch calls find the house full a while before others do.
 */
final class Door {
    /** What a call holds besides its body: its exchange, its connection to a provider, its part of an answer. */
    static final long SMALL = 40 * 1024;
    /** A body from which on a call is a large one. */
    static final long LARGE = 256 * 1024;
    /** What is taken for the size of a body that does not say. */
    static final long UNSAID = 1024 * 1024;
    /** A request is held as bytes, as values, and as bytes again for its target. */
    private static final int COPIES = 4;

    /** How many percent of the heap requests under way may take. */
    private static final int BODIES_PERCENT = 50;
    /** How many percent of the places batch calls leave free. */
    private static final int FOR_INTERACTIVE = 20;
    /** How many percentage points before all others batch calls are refused, and calls with large bodies. */
    private static final int BATCH_EARLIER = 10;

    private static final int LARGE_EARLIER = 5;

    /** How often a call is let in to see whether the memory is still as full as it was long ago. */
    private static final long TRIAL_PERIOD = Duration.ofSeconds(1).toNanos();

    private final Supplier<Overload> settings;
    private final Vitals vitals;
    private final long bodyBytes;
    private final LongSupplier nanoTime;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong nextTrial;

    /** @param heapBytes the most the heap can hold */
    Door(Supplier<Overload> settings, Vitals vitals, long heapBytes, LongSupplier nanoTime) {
        this.settings = settings;
        this.vitals = vitals;
        this.bodyBytes = heapBytes / 100 * BODIES_PERCENT;
        this.nanoTime = nanoTime;
        this.nextTrial = new AtomicLong(nanoTime.getAsLong());
    }

    /** How near the process is to its end. */
    Pressure pressure() {
        return vitals.pressure(held.get(), calls.get());
    }

    /** The file descriptors in use, in percent of those that there are. */
    int descriptorPercent() {
        return pressure().descriptorPercent(calls.get());
    }

    /** What requests under way are taken to hold, in bytes. */
    long held() {
        return held.get();
    }

    /** Counts a call in, to be judged next. */
    Guest arrives(Priority priority, long body) {
        Guest guest = new Guest(priority, body < 0 ? UNSAID : body);
        calls.incrementAndGet();
        held.addAndGet(guest.weight);
        return guest;
    }

    /** Why a call that has arrived may not stay; null when it may. */
    @Nullable
    Reason refuses(Guest guest) {
        Overload overload = settings.get();
        boolean batch = guest.priority == Priority.BATCH;
        if (overload.maxCalls() > 0 && calls.get() > most(overload.maxCalls(), batch)) {
            return Reason.CALLS;
        }
        if (held.get() > most(bodyBytes, batch) && calls.get() > 1) {
            return Reason.BODIES; // one that is alone may try, else it could never
        }
        Pressure pressure = pressure();
        if (pressure.descriptorPercent(calls.get()) >= least(overload.descriptorPercent(), batch ? BATCH_EARLIER : 0)) {
            return Reason.DESCRIPTORS;
        }
        boolean full = pressure.heapPercent() >= least(overload.heapPercent(), earlier(guest));
        return full && !(pressure.heapIsOld() && isTrial()) ? Reason.HEAP : null;
    }

    /** Whether batch calls at least are refused for want of file descriptors. */
    boolean isShortOfConnections() {
        return descriptorPercent() >= least(settings.get().descriptorPercent(), BATCH_EARLIER);
    }

    /** However low the mark, what is not used at all, or not known, refuses nobody. */
    private static int least(int percent, int earlier) {
        return Math.max(1, percent - earlier);
    }

    private static int earlier(Guest guest) {
        if (guest.priority == Priority.BATCH) {
            return BATCH_EARLIER;
        }
        return guest.body >= LARGE ? LARGE_EARLIER : 0;
    }

    private static long most(long places, boolean batch) {
        return batch ? Math.max(1, places - places * FOR_INTERACTIVE / 100) : places;
    }

    private boolean isTrial() {
        long now = nanoTime.getAsLong();
        long due = nextTrial.get();
        return now - due >= 0 && nextTrial.compareAndSet(due, now + TRIAL_PERIOD);
    }

    /** A call that has arrived. */
    final class Guest implements Stay {
        private final Priority priority;
        private final long body;
        private final AtomicBoolean over = new AtomicBoolean();
        private long weight;

        private Guest(Priority priority, long body) {
            this.priority = priority;
            this.body = body;
            this.weight = weight(body);
        }

        @Override
        public void holds(long bytes) {
            synchronized (this) {
                if (!over.get()) {
                    long now = weight(bytes);
                    held.addAndGet(now - weight);
                    weight = now;
                }
            }
        }

        @Override
        public void end() {
            synchronized (this) {
                if (over.compareAndSet(false, true)) {
                    calls.decrementAndGet();
                    held.addAndGet(-weight);
                }
            }
        }
    }

    private static long weight(long body) {
        return SMALL + COPIES * Math.min(body, Long.MAX_VALUE / COPIES - SMALL);
    }
}
