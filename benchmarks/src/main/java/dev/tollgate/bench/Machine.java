package dev.tollgate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What else this machine does while the benchmark runs: figures from a busy machine are worth little, and say so. */
final class Machine {
    private static final Path STAT = Path.of("/proc/stat");
    /** A tick of {@code /proc/stat}, which counts hundredths of a second on every common kernel. */
    private static final long TICK_NANOS = 10_000_000;

    private final OptionalLong startBusy = busyNanos();
    private final long startOwn = ownNanos();
    private final long start = System.nanoTime();

    /** The share of all processors that other processes have had since this was made; empty where it cannot be told. */
    OptionalDouble takenByOthers() {
        OptionalLong busy = busyNanos();
        if (startBusy.isEmpty() || busy.isEmpty()) {
            return OptionalDouble.empty();
        }
        long others = busy.getAsLong() - startBusy.getAsLong() - (ownNanos() - startOwn);
        long capacity = (System.nanoTime() - start) * processors();
        return OptionalDouble.of(Math.max(0, others) / (double) capacity);
    }

    /** Processors of the machine, whatever this process may use of them. */
    static int processors() {
        try (Stream<String> lines = Files.lines(STAT)) {
            return (int) lines.filter(line -> line.matches("cpu\\d+ .*")).count();
        } catch (IOException e) {
            return Runtime.getRuntime().availableProcessors();
        }
    }

    /** User, nice, system, interrupts and what a hypervisor has taken. */
    private static OptionalLong busyNanos() {
        try (Stream<String> lines = Files.lines(STAT)) {
            long[] ticks = lines.filter(line -> line.startsWith("cpu "))
                    .flatMapToLong(line ->
                            Arrays.stream(line.substring(4).trim().split(" ")).mapToLong(Long::parseLong))
                    .toArray();
            return OptionalLong.of((ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]) * TICK_NANOS);
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Of this process and those that it has started and that still run. */
    private static long ownNanos() {
        ProcessHandle self = ProcessHandle.current();
        return Stream.concat(Stream.of(self), self.descendants())
                .mapToLong(process ->
                        process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L))
                .sum();
    }
}
