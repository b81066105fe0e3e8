package dev.tollgate.nemesis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the provider charges, written by the provider. Lines are only ever added. */
final class Invoice implements AutoCloseable {
    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
    private final Writer file;

    /**
     * A charge.
     *
     * @param request the provider's own id of the request
     * @param call the caller's id of the call
     * @param told whether the answer said what was used
     */
    record Line(
            String request,
            String provider,
            long call,
            String subject,
            int input,
            int cached,
            int output,
            long nanoUsd,
            boolean told) {
        long tokens() {
            return (long) input + output;
        }
    }

    Invoice(Path path) throws IOException {
        this.file = Files.newBufferedWriter(path);
    }

    void add(Line line) {
        synchronized (file) {
            try {
                file.write(line + "\n");
                file.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        lines.add(line);
    }

    List<Line> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() throws IOException {
        synchronized (file) {
            file.close();
        }
    }
}
