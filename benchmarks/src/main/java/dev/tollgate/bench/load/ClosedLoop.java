package dev.tollgate.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.LongSupplier;

/** As many calls as go: each connection makes its next call when the one before has been answered. */
public final class ClosedLoop implements Lines.Listener {
    private final Request request;
    private final Tally tally;
    private boolean going = true;

    private ClosedLoop(Request request, LongSupplier cpuNanos) {
        this.request = request;
        this.tally = new Tally(cpuNanos);
    }

    /**
     * Runs it.
     *
     * @param settling calls made before measuring starts
     * @param cpuNanos what the process in the middle has used of the processors so far
     */
    public static Sample run(
            InetSocketAddress server,
            Request request,
            int connections,
            Duration settling,
            Duration measuring,
            LongSupplier cpuNanos)
            throws IOException {
        try (Lines lines = new Lines(server, connections)) {
            return new ClosedLoop(request, cpuNanos).run(lines, settling.toNanos(), measuring.toNanos());
        }
    }

    private Sample run(Lines lines, long settling, long measuring) throws IOException {
        for (Line line : lines.all()) {
            line.send(request, System.nanoTime());
        }
        turnUntil(lines, System.nanoTime() + settling);
        tally.start();
        turnUntil(lines, System.nanoTime() + measuring);
        Sample sample = tally.stop();
        going = false;
        return sample;
    }

    private void turnUntil(Lines lines, long end) throws IOException {
        while (System.nanoTime() < end) {
            lines.turn(end, this);
        }
    }

    @Override
    public void answered(Line line) throws IOException {
        tally.answered(line);
        again(line);
    }

    @Override
    public void broken(Line line, boolean calling) throws IOException {
        tally.broken();
        again(line);
    }

    private void again(Line line) throws IOException {
        if (going) {
            line.send(request, System.nanoTime());
        }
    }
}
