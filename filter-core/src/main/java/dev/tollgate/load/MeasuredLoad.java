package dev.tollgate.load;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.config.Settings.Overload;
import dev.tollgate.config.Settings.Priority;
import dev.tollgate.route.Candidate;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The load on this process and on the targets it calls, as it is measured. It outlives configurations. */
public final class MeasuredLoad implements Load {
    private static final System.Logger LOG = System.getLogger(MeasuredLoad.class.getName());
    private static final long LOG_PERIOD = Duration.ofSeconds(10).toNanos();

    /** A caller that is told a second comes back in one to five, so that not all of them come at once. */
    private static final long SHORTEST_WAIT_MILLIS = 1_000;

    private static final int WAIT_SPREAD_MILLIS = 4_000;

    private final Supplier<Overload> settings;
    private final Door door;
    private final TargetPlaces places;
    private final LoadEvents events;
    private final LongSupplier nanoTime;
    private final LongSupplier random;
    private final AtomicLong nextLog;
    private final AtomicLong unlogged = new AtomicLong();

    /**
     * The load on the JVM that this runs in.
     *
     * @param settings those in force
     * @param nanoTime a monotonic clock in nanoseconds
     * @param random 64 random bits at a time, safe to call from any thread
     */
    public static MeasuredLoad ofThisJvm(
            Supplier<Overload> settings, LoadEvents events, LongSupplier nanoTime, LongSupplier random) {
        Vitals vitals = new Vitals(Jvm.heap(), Jvm.descriptors(), nanoTime);
        Door door = new Door(settings, vitals, Runtime.getRuntime().maxMemory(), nanoTime);
        return new MeasuredLoad(settings, door, events, nanoTime, random);
    }

    MeasuredLoad(
            Supplier<Overload> settings, Door door, LoadEvents events, LongSupplier nanoTime, LongSupplier random) {
        this.settings = settings;
        this.door = door;
        this.places = new TargetPlaces(nanoTime);
        this.events = events;
        this.nanoTime = nanoTime;
        this.random = random;
        this.nextLog = new AtomicLong(nanoTime.getAsLong());
    }

    @Override
    public Stay admit(Priority priority, long bodyBytes) {
        Door.Guest guest = door.arrives(priority, bodyBytes);
        Reason reason = door.refuses(guest);
        if (reason != null) {
            guest.end();
            throw refusal(reason, priority);
        }
        return guest;
    }

    @Override
    public Optional<Place> enter(Candidate target, Priority priority) {
        return settings.get().adaptive() ? places.enter(target, priority) : Optional.of(ending -> {});
    }

    @Override
    public Refusal full(Priority priority) {
        return refusal(Reason.TARGETS, priority);
    }

    @Override
    public boolean isShortOfConnections() {
        return door.isShortOfConnections();
    }

    private Refusal refusal(Reason reason, Priority priority) {
        events.shed(reason, priority);
        log(reason, priority);
        String message = reason == Reason.TARGETS ? FULL : "the gateway is overloaded: " + reason.text();
        long wait = SHORTEST_WAIT_MILLIS + Math.floorMod(random.getAsLong(), WAIT_SPREAD_MILLIS);
        return new Refusal(ErrorCode.GATEWAY_OVERLOADED, message + "; try again in a moment")
                .retryAfter(Duration.ofMillis(wait));
    }

    private void log(Reason reason, Priority priority) {
        unlogged.incrementAndGet();
        long now = nanoTime.getAsLong();
        long due = nextLog.get();
        if (now - due >= 0 && nextLog.compareAndSet(due, now + LOG_PERIOD)) {
            LOG.log(
                    Level.WARNING,
                    "overload: calls are refused ({0} since this was last said), the last one, {1}, because {2}",
                    unlogged.getAndSet(0),
                    priority.name().toLowerCase(Locale.ROOT),
                    reason.text());
        }
    }

    /** How many percent of the heap are in use by what is still needed. */
    public int heapPercent() {
        return door.pressure().heapPercent();
    }

    /** How many percent of the process's file descriptors are open; 0 where that is not known. */
    public int descriptorPercent() {
        return door.descriptorPercent();
    }

    /** How much memory requests under way are taken to need, in bytes. */
    public long heldBytes() {
        return door.held();
    }

    /** The smallest limit among the targets of each provider that has limited ones. */
    public Map<String, Integer> limitsByProvider() {
        return places.limitsByProvider();
    }
}
