package dev.tollgate.credential;

import dev.tollgate.OwnThreads;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the machine says about who we are: environment variables, and files, which a thread of its own reads. */
public final class Machine implements AutoCloseable {
    private static final int MAX_BYTES = 1024 * 1024;

    private final Map<String, String> environment;
    private final Path home;
    private final ExecutorService reader;

    /** @param home the folder in which tools keep their settings */
    public Machine(Map<String, String> environment, Path home) {
        this.environment = Map.copyOf(environment);
        this.home = home;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                1, 1, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), OwnThreads.named("tollgate-credentials"));
        pool.allowCoreThreadTimeOut(true);
        this.reader = pool;
    }

    /** An environment variable that says something, or null. */
    @Nullable
    String variable(String name) {
        String value = environment.getOrDefault(name, "").strip();
        return value.isEmpty() ? null : value;
    }

    Path home() {
        return home;
    }

    /** The text of a file; fails with a {@link CredentialException} when it cannot be read. */
    CompletionStage<String> read(String file) {
        try {
            return CompletableFuture.supplyAsync(() -> text(file), reader);
        } catch (RejectedExecutionException closing) {
            return CompletableFuture.failedFuture(new CredentialException("the gateway is closing"));
        }
    }

    /** The text of a file; an empty one where there is none. */
    CompletionStage<String> readIfThere(Path file) {
        try {
            return CompletableFuture.supplyAsync(() -> Files.isReadable(file) ? text(file.toString()) : "", reader);
        } catch (RejectedExecutionException closing) {
            return CompletableFuture.failedFuture(new CredentialException("the gateway is closing"));
        }
    }

    private static String text(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException e) {
            throw TokenAnswers.failed("the file " + file + " cannot be read");
        }
    }

    @Override
    public void close() {
        OwnThreads.end(reader);
    }
}
