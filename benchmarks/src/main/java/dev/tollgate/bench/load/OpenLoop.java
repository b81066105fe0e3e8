package dev.tollgate.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Calls at a steady rate, whatever the answers do. A call's time counts from the moment it was due, not from the moment a
 * connection was free for it, so that a pause is felt by every call that fell into it.
 */
public final class OpenLoop implements Lines.Listener {
    private final Request request;
    private final Tally tally = new Tally(() -> 0);
    private final Deque<Line> idle;
    private final Deque<Long> waiting = new ArrayDeque<>();

    private OpenLoop(Request request, Lines lines) {
        this.request = request;
        this.idle = new ArrayDeque<>(lines.all());
    }

    /**
     * Runs it.
     *
     * @param connections the most calls that are under way at a time; calls that are due beyond them wait
     * @param settling calls made before measuring starts
     */
    public static Sample run(
            InetSocketAddress server,
            Request request,
            int connections,
            int perSecond,
            Duration settling,
            Duration measuring)
            throws IOException {
        try (Lines lines = new Lines(server, connections);
                Pacer pacer = new Pacer(1_000_000_000L / perSecond, lines::wakeUp)) {
            long measured = pacer.due(0) + settling.toNanos();
            return new OpenLoop(request, lines).run(lines, pacer, measured, measured + measuring.toNanos());
        }
    }

    private Sample run(Lines lines, Pacer pacer, long start, long end) throws IOException {
        pacer.begin();
        boolean measuring = false;
        long sent = 0;
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            if (!measuring && now >= start) {
                measuring = true;
                tally.start();
            }
            for (; sent < pacer.strokes(); sent++) {
                call(pacer.due(sent));
            }
            lines.turn(end, this);
        }
        return tally.stop();
    }

    private void call(long due) throws IOException {
        Line line = idle.poll();
        if (line == null) {
            waiting.add(due);
        } else {
            line.send(request, due);
        }
    }

    @Override
    public void answered(Line line) throws IOException {
        tally.answered(line);
        free(line);
    }

    @Override
    public void broken(Line line, boolean calling) throws IOException {
        // An idle connection that the server closes is still in the row of idle ones, and open again.
        if (calling) {
            tally.broken();
            free(line);
        }
    }

    private void free(Line line) throws IOException {
        Long due = waiting.poll();
        if (due == null) {
            idle.push(line);
        } else {
            line.send(request, due);
        }
    }
}
