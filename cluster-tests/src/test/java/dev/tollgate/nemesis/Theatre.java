package dev.tollgate.nemesis;

import com.hazelcast.core.HazelcastInstance;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Starts stages: each in a network, and with process numbers, of its own where the system lets it, so that the nodes can be cut
 * apart, nothing outside sees them, and none of them outlives the stage.
 */
final class Theatre {
    private static final List<String> OWN_NAMESPACES =
            List.of("unshare", "-r", "-n", "-m", "-p", "-f", "--kill-child", "--mount-proc");
    private static final String TRIAL = "mount -t tmpfs none /run && ip netns add t && ip link add name b0 type bridge"
            + " && ip link add name v0 type veth peer name w0 netns t && nsenter --net=/run/netns/t true";

    private Theatre() {}

    /** {@code Theatre FOLDER SIZE PER_SECOND SEED SCENARIO…}: plays by hand, and prints what is said. */
    public static void main(String[] arguments) {
        Scenario[] scenarios =
                Arrays.stream(arguments).skip(4).map(Scenario::valueOf).toArray(Scenario[]::new);
        Play play = play(
                Path.of(arguments[0]).toAbsolutePath(),
                Duration.ofSeconds(Long.getLong("tollgate.theatre.seconds", 600)),
                Workload.Size.valueOf(arguments[1]),
                Integer.parseInt(arguments[2]),
                Long.parseLong(arguments[3]),
                scenarios);
        play.said().forEach(System.out::println);
        System.exit(play.status());
    }

    /** What a stage came to. */
    record Play(int status, List<String> said) {
        boolean good() {
            return status == 0;
        }
    }

    /** Why nodes cannot be cut apart on this machine; empty when they can. */
    static String whyWhole() {
        List<String> trial = new ArrayList<>(OWN_NAMESPACES);
        trial.addAll(List.of("sh", "-c", TRIAL));
        try {
            Shell.run(trial.toArray(new String[0]));
            return "";
        } catch (RuntimeException e) {
            return "network namespaces are not to be had here (" + e.getMessage() + ")";
        }
    }

    static Play play(Path folder, Duration most, Workload.Size size, int perSecond, long seed, Scenario... scenarios) {
        // What a ledger holds counts against the limits: each play begins without one.
        clear(folder);
        String whole = whyWhole();
        List<String> command = new ArrayList<>();
        if (whole.isEmpty()) {
            command.addAll(OWN_NAMESPACES);
            command.addAll(List.of("sh", "-c", "mount -t tmpfs none /run && exec \"$@\"", "stage"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dtollgate.stage.whole=" + whole,
                "-Dtollgate.stage.seconds=" + (most.toSeconds() - 15),
                "-Dtollgate.stage.gateway=" + gateway(),
                "-Dtollgate.stage.wallclock=" + (List.of(scenarios).contains(Scenario.CLOCKS) ? wallClock(folder) : ""),
                "-cp",
                System.getProperty("java.class.path"),
                Stage.class.getName(),
                folder.toString(),
                size.name(),
                Integer.toString(perSecond),
                Long.toString(seed)));
        Arrays.stream(scenarios).map(Scenario::name).forEach(command::add);
        return run(command, folder.resolve("said"), most);
    }

    /** The library that sets nodes' clocks; empty where there is no C compiler. */
    static String wallClock(Path folder) {
        return WallClock.compile(
                Path.of(System.getProperty("tollgate.nemesis.c", "src/test/c"), "wallclock.c"), folder);
    }

    private static void clear(Path folder) {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Play run(List<String> command, Path said, Duration most) {
        try {
            Files.createDirectories(said.getParent());
            Process stage = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            try {
                boolean ended = stage.waitFor(most.toSeconds(), TimeUnit.SECONDS);
                List<String> lines = Files.readAllLines(said);
                return new Play(ended ? stage.exitValue() : -1, lines);
            } finally {
                end(stage);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void end(Process stage) throws IOException {
        if (stage.isAlive()) {
            stage.getOutputStream().close();
            stage.descendants().forEach(ProcessHandle::destroyForcibly);
            stage.destroyForcibly();
        }
    }

    /** The JARs that an operator would take, unless another class path is told. */
    private static String gateway() {
        String told = System.getProperty("tollgate.gateway.path", "");
        return told.isEmpty() ? jars() : told;
    }

    private static String jars() {
        return Stream.of(
                        System.getProperty("tollgate.jar"),
                        System.getProperty("tollgate.cluster.jar"),
                        HazelcastInstance.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
    }
}
