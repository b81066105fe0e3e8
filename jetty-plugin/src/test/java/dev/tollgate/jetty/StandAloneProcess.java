package dev.tollgate.jetty;

import static org.awaitility.Awaitility.await;

import dev.tollgate.access.KeyText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The stand-alone gateway in a process of its own, in front of one provider called "one" that serves the model "smart". */
final class StandAloneProcess implements AutoCloseable {
    static final KeyText KEY = KeyText.generate(new SecureRandom());
    private static final Pattern SERVES = Pattern.compile("serves (http://\\S+)");

    private final Path log;
    private final Process process;
    private final URI address;

    private StandAloneProcess(Path log, Process process) {
        this.log = log;
        this.process = process;
        this.address = address();
    }

    /**
     * Starts it and waits until it listens.
     *
     * @param folder where its configuration and its log are
     * @param before what stands in front of the command, to start it with less than it would have
     * @param upstream the provider's address; null for the echo provider
     * @param more lines of the configuration
     */
    static StandAloneProcess start(
            Path folder, List<String> before, List<String> jvmOptions, @Nullable URI upstream, String... more) {
        try {
            List<String> lines = new ArrayList<>(List.of(
                    upstream == null
                            ? "providers: { echo: {} }"
                            : "providers: { one: { like: openai-compatible, base-url: '" + upstream + "/v1' } }",
                    "models: { smart: { targets: [ " + (upstream == null ? "echo" : "one") + "/echo ] } }",
                    "keys: [ { name: mine, sha256: " + KEY.sha256() + ", models: ['*'] } ]"));
            lines.addAll(List.of(more));
            Path config = Files.write(folder.resolve("tollgate.yaml"), lines);
            List<String> command = new ArrayList<>(before);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmOptions);
            command.addAll(program());
            command.addAll(List.of("--config", config.toString(), "--host", "127.0.0.1", "--port", "0"));
            Path log = folder.resolve("log");
            return new StandAloneProcess(
                    log,
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JAR where it has been built: it is open from the start, whereas a class path wants files to be opened later on. */
    private static List<String> program() {
        String jar = System.getProperty("tollgate.jar", "");
        return Files.isRegularFile(Path.of(jar))
                ? List.of("-jar", jar)
                : List.of("-cp", System.getProperty("java.class.path"), Main.class.getName());
    }

    private URI address() {
        try {
            return URI.create(await().atMost(Duration.ofMinutes(2))
                    .until(
                            () -> {
                                if (!process.isAlive()) {
                                    throw new IllegalStateException("it has ended:\n" + log());
                                }
                                Matcher serves = SERVES.matcher(log());
                                return serves.find() ? serves.group(1) : "";
                            },
                            found -> !found.isEmpty()));
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return address.getPort();
    }

    URI uri(String path) {
        return address.resolve(path);
    }

    /** A chat with the model, which says a text. */
    HttpRequest.Builder chat(String text, boolean stream) {
        return HttpRequest.newBuilder(uri("/v1/chat/completions"))
                .timeout(Duration.ofMinutes(2))
                .header("authorization", "Bearer " + KEY.reveal())
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body(text, stream)));
    }

    /** The body of a chat. */
    static String body(String text, boolean stream) {
        return "{\"model\":\"smart\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text
                + "\"}]}";
    }

    /** The whole request of a chat, for a client that sends bytes. */
    static String raw(String text, boolean stream) {
        String body = body(text, stream);
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                + KEY.reveal() + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Tells it to end, as a supervisor does; does not wait. */
    void terminate() {
        process.destroy();
    }

    /** Waits for its end; returns its status. */
    int awaitEnd(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("it has not ended:\n" + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
