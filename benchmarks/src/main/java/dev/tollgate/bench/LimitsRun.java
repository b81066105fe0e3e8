package dev.tollgate.bench;

import dev.tollgate.bench.limits.Crowd;
import dev.tollgate.bench.limits.Load;
import dev.tollgate.bench.limits.OtherMember;
import dev.tollgate.bench.limits.Passage;
import dev.tollgate.bench.limits.Way;
import dev.tollgate.bench.limits.Ways;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * What limits cost that a cluster shares, beside those of one JVM: first the limits alone, in two processes that are the two
 * members, then a gateway's whole call.
 */
final class LimitsRun {
    /** Of the time given, what the limits alone get. */
    private static final double ALONE = 0.6;

    private static final int[] CALLERS = {1, 32};

    private final Options options;
    private final LimitsResults results = new LimitsResults();

    LimitsRun(Options options) {
        this.options = options;
    }

    void run() throws IOException, InterruptedException, ExecutionException {
        Machine machine = new Machine();
        limitsAlone();
        Pinning pinning = options.pin() ? Pinning.apart() : Pinning.none();
        try (FrontDoor door = FrontDoor.open(options, pinning)) {
            door.measure(results, Benchmark.seconds(options.seconds() * (1 - ALONE) / (2.0 * options.rounds())));
        }
        String report =
                new LimitsReport(options, pinning.pinned(), Instant.now(), machine.takenByOthers()).markdown(results);
        Path file = options.out().resolve("limits.md");
        Files.writeString(file, report);
        System.out.println();
        System.out.println(report);
        Benchmark.say("written to " + file);
    }

    private void limitsAlone() throws IOException, InterruptedException, ExecutionException {
        List<Integer> ports = Programs.freePorts(4);
        try (Child other = otherMember(ports);
                Ways ways = Ways.open(ports)) {
            if (!"ready".equals(other.firstLine())) {
                throw new IOException("the other member does not start; see " + options.out());
            }
            LongSupplier cpu = () -> ProcessHandle.current()
                            .info()
                            .totalCpuDuration()
                            .map(Duration::toNanos)
                            .orElse(0L)
                    + other.cpuNanos();
            Map<Load, Map<String, Way>> all = new LinkedHashMap<>();
            for (Load load : Load.all()) {
                all.put(load, ways.of(load));
            }
            goThrough(all, cpu);
        }
    }

    private Child otherMember(List<Integer> ports) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Programs.ofJdk("java"),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                OtherMember.class.getName()));
        ports.forEach(port -> command.add(port.toString()));
        return Child.talking(command, options.out().resolve("other-member.log"));
    }

    private void goThrough(Map<Load, Map<String, Way>> all, LongSupplier cpu)
            throws InterruptedException, ExecutionException {
        long cells = all.values().stream().mapToLong(Map::size).sum() * CALLERS.length;
        Duration slice = Benchmark.seconds(options.seconds() * ALONE / (cells * options.rounds()));
        for (int round = 0; round <= options.rounds(); round++) {
            Benchmark.say(round == 0 ? "warm-up of the limits alone" : "round " + round + " of " + options.rounds());
            for (Map.Entry<Load, Map<String, Way>> load : all.entrySet()) {
                for (int callers : CALLERS) {
                    for (Map.Entry<String, Way> way : load.getValue().entrySet()) {
                        Passage passage = Crowd.send(
                                way.getValue(),
                                callers,
                                slice.dividedBy(5),
                                slice.multipliedBy(4).dividedBy(5),
                                cpu);
                        if (round > 0) {
                            results.add(load.getKey(), callers, way.getKey(), passage);
                        }
                    }
                }
            }
        }
    }

    static Stream<Integer> callers() {
        return Arrays.stream(CALLERS).boxed();
    }
}
