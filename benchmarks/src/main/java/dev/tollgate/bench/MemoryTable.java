package dev.tollgate.bench;

import dev.tollgate.bench.load.ClosedLoop;
import dev.tollgate.bench.load.HeldStreams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/** What contenders need of memory at rest, and with many slow streams held open. */
final class MemoryTable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration HELD = Duration.ofSeconds(3);

    private final int streams;
    private final List<Row> rows = new ArrayList<>();

    MemoryTable(int streams) {
        this.streams = streams;
    }

    /**
     * What was seen of one contender.
     *
     * @param kind the kind of the streams
     * @param restBytes in RAM after a few calls, before the streams
     * @param heldBytes in RAM with the streams
     * @param restHeap live objects before the streams; empty where there is no JVM
     * @param heldHeap live objects with the streams
     * @param threads threads with the streams
     * @param held streams that were open in fact
     */
    record Row(
            String contender,
            Kind kind,
            OptionalLong restBytes,
            OptionalLong heldBytes,
            OptionalLong restHeap,
            OptionalLong heldHeap,
            OptionalLong threads,
            long held) {}

    List<Row> rows() {
        return rows;
    }

    int streams() {
        return streams;
    }

    /** Streams passed through and translated. */
    static List<Kind> kinds() {
        return Kind.all().stream()
                .filter(kind -> kind.stream() && kind.caller() == Chat.OPENAI)
                .toList();
    }

    void measureAndClose(Contender contender, Kind kind) throws IOException {
        try (contender) {
            rows.add(measure(contender, Objects.requireNonNull(contender.child()), kind));
        }
    }

    private Row measure(Contender contender, Child child, Kind kind) throws IOException {
        ClosedLoop.run(contender.address(), kind.request(), 64, Duration.ZERO, Duration.ofSeconds(2), () -> 0);
        OptionalLong restHeap = liveHeap(child);
        OptionalLong restBytes = child.residentBytes();
        try (HeldStreams held = HeldStreams.open(contender.address(), kind.heldRequest(), streams)) {
            held.awaitBegun(PATIENCE);
            held.hold(HELD);
            OptionalLong heldBytes = child.residentBytes();
            OptionalLong threads = child.threads();
            OptionalLong heldHeap = liveHeap(child);
            held.hold(Duration.ofMillis(500));
            return new Row(contender.name(), kind, restBytes, heldBytes, restHeap, heldHeap, threads, held.begun());
        }
    }

    /** The bytes of all objects that are still in use; what the JDK's jcmd counts after a full collection. */
    private static OptionalLong liveHeap(Child child) throws IOException {
        Process jcmd = new ProcessBuilder(Programs.ofJdk("jcmd"), Long.toString(child.pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return text.lines()
                .filter(line -> line.startsWith("Total "))
                .mapToLong(line -> Long.parseLong(line.trim().split("\\s+")[2]))
                .findFirst();
    }
}
