package dev.tollgate.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that this run has started, and ends. What it says goes to a log file. */
final class Child implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final Thread lastResort;

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.lastResort = new Thread(process::destroyForcibly, "end " + log.getFileName());
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /** Starts it; its standard output can be read by {@link #firstLine}. */
    static Child talking(List<String> command, Path log) throws IOException {
        return start(new ProcessBuilder(command).redirectError(log.toFile()), log);
    }

    /**
     * Starts it; all it says goes to the log.
     *
     * @param environment variables that it gets besides those of this process
     */
    static Child silent(List<String> command, Map<String, String> environment, Path log) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return start(builder, log);
    }

    private static Child start(ProcessBuilder builder, Path log) throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        return new Child(builder.start(), log);
    }

    String firstLine() throws IOException {
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        String line = reader.readLine();
        if (line == null) {
            throw new IOException("ended at once; see " + log);
        }
        return line;
    }

    /** Waits until it accepts connections on a port of the loopback address. */
    void awaitPort(int port, Duration most) throws IOException {
        long end = System.nanoTime() + most.toNanos();
        while (!accepts(port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("does not accept connections; see " + log);
            }
            pause();
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Processor time it has used so far, in user and system mode, in nanoseconds; steps of 10 ms on Linux. */
    long cpuNanos() {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    /** Memory it has in RAM, in bytes; empty where the system does not say. */
    OptionalLong residentBytes() {
        return statusNumber("VmRSS:").stream().map(kib -> kib * 1024).findFirst();
    }

    OptionalLong threads() {
        return statusNumber("Threads:");
    }

    private OptionalLong statusNumber(String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // The JVM is ending already; the hook does the rest.
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
