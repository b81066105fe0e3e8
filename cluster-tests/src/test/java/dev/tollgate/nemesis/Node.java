package dev.tollgate.nemesis;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway in a process of its own, which can be killed, paused, stopped and started again. */
final class Node {
    private static final Pattern MEMBERS = Pattern.compile("Members \\{size:(\\d+)");
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(60);

    private static final int MOST_TEXT = 4 * 1024 * 1024;

    private final int number;
    private final Network network;
    private final Path folder;
    private final List<String> command;
    private final Map<String, String> environment;
    private Process process;
    private int life;
    private int members;

    /** @param environment what the process's environment has besides this one's */
    Node(int number, Network network, Path folder, List<String> jvm, Map<String, String> environment) {
        this.number = number;
        this.network = network;
        this.folder = folder;
        this.environment = environment;
        List<String> whole = new ArrayList<>(jvm);
        whole.addAll(List.of(
                "dev.tollgate.jetty.Main",
                "--config",
                config().toString(),
                "--host",
                network.front(number),
                "--port",
                Integer.toString(network.frontPort(number))));
        this.command = network.as(number, whole);
    }

    int number() {
        return number;
    }

    String base() {
        return "http://" + network.front(number) + ":" + network.frontPort(number);
    }

    Path config() {
        return folder.resolve("tollgate.yaml");
    }

    Path ledger() {
        return folder.resolve("ledger");
    }

    /** What the node said in its present life. */
    Path log() {
        return folder.resolve("log-" + life);
    }

    void start() {
        life++;
        members = 0;
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile());
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitServing() {
        await("node " + number + " serves; see " + log()).atMost(START).until(() -> said("serves http") || !alive());
        if (!alive()) {
            throw new IllegalStateException("node " + number + " does not start: " + tail());
        }
    }

    boolean alive() {
        return process != null && process.isAlive();
    }

    /** How many members the node sees, itself included. */
    int members() {
        Matcher found = MEMBERS.matcher(text());
        while (found.find()) {
            members = Integer.parseInt(found.group(1));
        }
        return members;
    }

    private boolean said(String text) {
        return text().contains(text);
    }

    /** The end of what the node said: a member that is in trouble may say much. */
    private String text() {
        if (!Files.exists(log())) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "r")) {
            file.seek(Math.max(0, file.length() - MOST_TEXT));
            byte[] end = new byte[Math.toIntExact(file.length() - file.getFilePointer())];
            file.readFully(end);
            return new String(end, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String tail() {
        String text = text();
        return text.substring(Math.max(0, text.length() - 2_000));
    }

    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    void stop() {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("node " + number + " did not end within " + STOP);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void pause() {
        Shell.run("kill", "-STOP", Long.toString(process.pid()));
    }

    void resume() {
        Shell.run("kill", "-CONT", Long.toString(process.pid()));
    }

    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
