package dev.tollgate.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/** A real server in a process of its own, with a private base folder, that listens on loopback. */
public final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final Servers kind;
    private final Path base;
    private final Process process;
    private int port;

    private ServerProcess(Servers kind, Path base, Process process) {
        this.kind = kind;
        this.base = base;
        this.process = process;
    }

    /**
     * Starts a server with applications, and waits until it listens.
     *
     * @param name what the base folder is called; an earlier one of that name is wiped out
     * @param environment variables that the server gets besides those of this process
     */
    public static ServerProcess start(Servers kind, String name, Map<String, String> environment, Webapp... apps) {
        return start(kind, name, List.of(), environment, apps);
    }

    /** @param jvmOptions options for the server's JVM */
    public static ServerProcess start(
            Servers kind, String name, List<String> jvmOptions, Map<String, String> environment, Webapp... apps) {
        Path base = Path.of("target", "servers", name + "-" + kind.name().toLowerCase(java.util.Locale.ROOT))
                .toAbsolutePath();
        try {
            wipe(base);
            Files.createDirectories(base);
            kind.prepare(base);
            for (Webapp app : apps) {
                app.unpackInto(base.resolve("webapps"));
            }
            ServerProcess server = new ServerProcess(kind, base, launch(kind, base, jvmOptions, environment));
            server.awaitPort();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process launch(Servers kind, Path base, List<String> jvmOptions, Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(kind.arguments(base));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(base.toFile())
                .redirectErrorStream(true)
                .redirectOutput(base.resolve("console.log").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void awaitPort() {
        try {
            await().atMost(START).pollInterval(Duration.ofMillis(100)).until(() -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException("the server has ended:\n" + log());
                }
                Matcher line = kind.portLine().matcher(log());
                port = line.find() ? Integer.parseInt(line.group(1)) : 0;
                return port != 0;
            });
        } catch (RuntimeException e) {
            close();
            throw new IllegalStateException("the server does not listen:\n" + log(), e);
        }
    }

    /** The address of a path on this server. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    /** What the server has printed so far. */
    public String log() {
        try {
            return Files.readString(base.resolve("console.log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder of an application. */
    public Path webapp(String name) {
        return base.resolve("webapps").resolve(name);
    }

    /** How many threads the process has. */
    public int threads() {
        return Math.toIntExact(status("Threads:"));
    }

    /** How much memory the process holds, in bytes. */
    public long residentBytes() {
        return status("VmRSS:") * 1024;
    }

    private long status(String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", String.valueOf(pid()), "status"))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the heap holds after a full collection, in bytes. */
    public long liveHeapBytes() {
        jcmd("GC.run");
        String info = jcmd("GC.heap_info");
        Matcher used = java.util.regex.Pattern.compile("used (\\d+)K").matcher(info);
        if (!used.find()) {
            throw new IllegalStateException("no heap size in:\n" + info);
        }
        return Long.parseLong(used.group(1)) * 1024;
    }

    private String jcmd(String command) {
        String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process run = new ProcessBuilder(tool, String.valueOf(pid()), command)
                    .redirectErrorStream(true)
                    .start();
            return new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the server as its stop script would, or, when it does not end within a while, at once. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void wipe(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Override
    public String toString() {
        return kind + Arrays.toString(new long[] {pid(), port});
    }
}
