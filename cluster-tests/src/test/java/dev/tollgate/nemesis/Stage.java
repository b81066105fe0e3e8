package dev.tollgate.nemesis;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The process in which a cluster is tested, with all that belongs to it: {@code Stage FOLDER SIZE PER_SECOND SEED SCENARIO…}.
 * All scenarios need the same number of nodes. It ends when its standard input does, and takes its nodes along.
 */
final class Stage {
    private static final int FAULTS = 1;
    private static final int BROKEN = 3;

    private Stage() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        endWithInput();
        endInTime(out);
        Path folder = Path.of(arguments[0]);
        Workload.Size size = Workload.Size.valueOf(arguments[1]);
        int perSecond = Integer.parseInt(arguments[2]);
        long seed = Long.parseLong(arguments[3]);
        List<Scenario> scenarios =
                Arrays.stream(arguments).skip(4).map(Scenario::valueOf).toList();
        try {
            System.exit(play(out, folder, size, perSecond, seed, scenarios) ? 0 : FAULTS);
        } catch (RuntimeException | Error e) {
            e.printStackTrace(out);
            System.exit(BROKEN);
        }
    }

    private static boolean play(
            PrintStream out, Path folder, Workload.Size size, int perSecond, long seed, List<Scenario> scenarios)
            throws IOException {
        Files.createDirectories(folder);
        int nodes = scenarios.get(0).nodes();
        List<Workload> workloads = new ArrayList<>();
        for (int round = 0; round < scenarios.size(); round++) {
            workloads.add(Workload.of(round, size));
        }
        List<Subject> subjects =
                workloads.stream().flatMap(load -> load.subjects().stream()).collect(Collectors.toList());
        Network network = Network.here(nodes);
        Visits visits = new Visits();
        boolean good = true;
        try (Invoice invoice = new Invoice(folder.resolve("invoice"));
                FakeProvider provider = new FakeProvider(network.hub(), invoice, visits);
                Cluster cluster = new Cluster(network, nodes, folder, subjects)) {
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
            provider.start();
            cluster.start();
            Callers callers = new Callers(cluster);
            for (int round = 0; round < scenarios.size(); round++) {
                Scenario scenario = scenarios.get(round);
                out.println("## " + scenario + " seed " + (seed + round) + ": " + scenario.what());
                List<Check> checks = new Round(
                                scenario, workloads.get(round), cluster, callers, visits, invoice, folder)
                        .run(perSecond, seed + round);
                checks.forEach(out::println);
                good &= checks.stream().allMatch(Check::holds);
            }
        }
        return good;
    }

    /** Runs what must not fail in silence. */
    static void orDie(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(BROKEN);
        }
    }

    /** What hangs is told with what it hangs in. */
    private static void endInTime(PrintStream out) {
        Thread watch = new Thread(
                () -> {
                    try {
                        TimeUnit.SECONDS.sleep(Long.getLong("tollgate.stage.seconds", 600));
                    } catch (InterruptedException e) {
                        // as good as late
                    }
                    out.println("FAULT the stage hangs");
                    Thread.getAllStackTraces().forEach((thread, stack) -> {
                        out.println(thread);
                        Arrays.stream(stack).forEach(frame -> out.println("    " + frame));
                    });
                    Runtime.getRuntime().halt(BROKEN);
                },
                "end-in-time");
        watch.setDaemon(true);
        watch.start();
    }

    private static void endWithInput() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // whatever is said, only the end counts
                        }
                    } catch (IOException e) {
                        // as good as an end
                    }
                    System.exit(BROKEN);
                },
                "end-with-input");
        watch.setDaemon(true);
        watch.start();
    }
}
