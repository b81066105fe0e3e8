package dev.tollgate.bench;

import dev.tollgate.bench.micro.MicroBenchmarks;
import dev.tollgate.bench.upstream.FakeProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The load benchmark: the same calls go to a provider directly, through nginx as a plain reverse proxy, and through Tollgate
 * as its own process with keys, limits and records on. Rounds of the three are interleaved, so that whatever else the
 * machine does meets all of them; the median round counts.
 */
public final class Benchmark {
    private final Options options;
    private final Pinning pinning;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private Benchmark(Options options, Pinning pinning) {
        this.options = options;
        this.pinning = pinning;
    }

    public static void main(String[] arguments) throws Exception {
        Options options = Options.read();
        if (options.jmh()) {
            MicroBenchmarks.run(
                    options.only(), options.quick() ? 1 : 2, options.out().resolve("jmh.txt"));
            return;
        }
        if (!Files.isRegularFile(options.jar())) {
            throw new IOException("no gateway at " + options.jar() + "; build it with: mvn package -DskipTests");
        }
        if (options.limits()) {
            new LimitsRun(options).run();
            return;
        }
        Pinning pinning = options.pin() ? Pinning.apart() : Pinning.none();
        new Benchmark(options, pinning).run();
    }

    private void run() throws Exception {
        try {
            int provider = startProvider();
            Rounds rounds = new Rounds(options, contenders(provider));
            rounds.warmUp();
            Machine machine = new Machine();
            rounds.measure();
            OptionalDouble others = machine.takenByOthers();
            MemoryTable memory = memory(provider);
            publish(new Report(options, pinning.pinned(), Instant.now(), others).markdown(rounds.results(), memory));
        } finally {
            closeAll();
        }
    }

    private int startProvider() throws IOException {
        List<String> command = List.of(
                Programs.ofJdk("java"),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                FakeProvider.class.getName());
        Child child = keep(Child.talking(command, options.out().resolve("provider.log")));
        return Integer.parseInt(child.firstLine());
    }

    private List<Contender> contenders(int provider) throws IOException {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(Contender.direct(provider));
        Contender.nginx(provider, pinning, options.out())
                .ifPresentOrElse(
                        nginx -> contenders.add(keep(nginx)),
                        () -> say("nginx is not on the PATH, so its column is left out"));
        contenders.add(keep(Contender.tollgate(provider, pinning, options)));
        return contenders;
    }

    /** In processes of their own, so that what was before has left nothing behind. */
    private MemoryTable memory(int provider) throws IOException {
        MemoryTable table = new MemoryTable(options.held());
        if (options.held() == 0) {
            return table;
        }
        for (Kind kind : MemoryTable.kinds()) {
            say("memory: " + kind.name());
            Optional<Contender> nginx =
                    kind.plain() ? Contender.nginx(provider, pinning, options.out()) : Optional.empty();
            if (nginx.isPresent()) {
                table.measureAndClose(nginx.get(), kind);
            }
            table.measureAndClose(Contender.tollgate(provider, pinning, options), kind);
        }
        return table;
    }

    private void publish(String report) throws IOException {
        Path file = options.out().resolve("report.md");
        Files.writeString(file, report);
        System.out.println();
        System.out.println(report);
        say("written to " + file);
    }

    static void say(String text) {
        System.out.println("bench: " + text);
    }

    static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }

    private void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
