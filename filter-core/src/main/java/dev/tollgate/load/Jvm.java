package dev.tollgate.load;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;

/** What the JVM tells about itself. */
final class Jvm {
    private Jvm() {}

    /** The old generation, or the whole heap where it has none; an empty heap where the JVM does not tell. */
    static Supplier<HeapReading> heap() {
        Optional<MemoryPoolMXBean> kept = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.isUsageThresholdSupported())
                .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()));
        return kept.<Supplier<HeapReading>>map(pool -> () -> read(pool))
                .orElse(() -> new HeapReading(0, 0, Runtime.getRuntime().maxMemory()));
    }

    private static HeapReading read(MemoryPoolMXBean pool) {
        MemoryUsage cleaned = pool.getCollectionUsage();
        MemoryUsage now = pool.getUsage();
        long max = now.getMax() > 0 ? now.getMax() : Runtime.getRuntime().maxMemory();
        return new HeapReading(cleaned == null ? 0 : cleaned.getUsed(), now.getUsed(), max);
    }

    /** The file descriptors; always unknown where the platform has none. */
    static Supplier<Descriptors> descriptors() {
        try {
            if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
                return () -> read(unix);
            }
        } catch (LinkageError without) {
            // a JVM without the module jdk.management
        }
        return () -> Descriptors.UNKNOWN;
    }

    private static Descriptors read(UnixOperatingSystemMXBean unix) {
        try {
            return new Descriptors(unix.getOpenFileDescriptorCount(), unix.getMaxFileDescriptorCount());
        } catch (InternalError unreadable) {
            return Descriptors.NONE_LEFT; // to count them takes one
        }
    }

    static int percent(long part, long whole) {
        return whole <= 0 ? 0 : (int) Math.max(0, Math.min(100, Math.round(100.0 * part / whole)));
    }
}
