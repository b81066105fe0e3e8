package dev.tollgate.load;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How full the heap and the table of file descriptors are. Looked at when somebody asks, and once a second at most.
 *
 * <p>What the heap holds that is still needed is only known when it has been cleaned, and it is not cleaned while nothing
 * happens; where only its young part is, the figure stays as well. So it is corrected by what has been let go of since, and
 * where it has stayed the same for a while it is marked as old: refusing everybody because of it would keep it for ever.
 */
final class Vitals {
    private static final long PERIOD = Duration.ofSeconds(1).toNanos();
    private static final long OLD = Duration.ofSeconds(10).toNanos();

    private final Supplier<HeapReading> heap;
    private final Supplier<Descriptors> descriptors;
    private final LongSupplier nanoTime;
    private final AtomicLong nextLook;
    private volatile Pressure pressure = Pressure.NONE;

    private HeapReading last = new HeapReading(0, 0, 0);
    private long heldThen;
    private long renewedNanos;

    /** @param nanoTime a monotonic clock in nanoseconds */
    Vitals(Supplier<HeapReading> heap, Supplier<Descriptors> descriptors, LongSupplier nanoTime) {
        this.heap = heap;
        this.descriptors = descriptors;
        this.nanoTime = nanoTime;
        this.nextLook = new AtomicLong(nanoTime.getAsLong());
    }

    /**
     * @param held what calls under way hold, in bytes, as far as that is known
     * @param calls how many are under way
     */
    Pressure pressure(long held, int calls) {
        long now = nanoTime.getAsLong();
        long due = nextLook.get();
        if (now - due >= 0 && nextLook.compareAndSet(due, now + PERIOD)) {
            pressure = look(now, held, calls);
        }
        return pressure;
    }

    private synchronized Pressure look(long now, long held, int calls) {
        HeapReading read = heap.get();
        if (read.needed() != last.needed()) {
            renewedNanos = now;
            heldThen = held;
        }
        last = read;
        long needed =
                Math.min(read.needed(), read.used()) - Math.max(0, heldThen - held) / 2; // they are taken for heavy
        return new Pressure(Jvm.percent(needed, read.max()), now - renewedNanos >= OLD, descriptors.get(), calls);
    }
}
