package dev.tollgate.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Many slow streams at a time, held open. */
public final class HeldStreams implements Lines.Listener, AutoCloseable {
    private final Lines lines;
    private int over;

    private HeldStreams(Lines lines) {
        this.lines = lines;
    }

    /** Opens so many streams, a few at a time. */
    public static HeldStreams open(InetSocketAddress server, Request request, int streams) throws IOException {
        HeldStreams held = new HeldStreams(new Lines(server, streams));
        for (Line line : held.lines.all()) {
            line.send(request, System.nanoTime());
            held.lines.turn(0, held);
        }
        return held;
    }

    /** Reads from all of them for so long. */
    public void hold(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            lines.turn(end, this);
        }
    }

    /** Reads until every stream has begun, at most for so long. */
    public void awaitBegun(Duration most) throws IOException {
        long end = System.nanoTime() + most.toNanos();
        while (System.nanoTime() < end && begun() < lines.all().size()) {
            hold(Duration.ofMillis(50));
        }
    }

    /** How many of them have begun and go on. */
    public long begun() {
        return lines.all().stream()
                .filter(line -> line.busy() && line.status() == 200 && line.hasFirstToken())
                .count();
    }

    /** How many have ended, which none should while they are held. */
    public int over() {
        return over;
    }

    @Override
    public void answered(Line line) {
        over++;
    }

    @Override
    public void broken(Line line, boolean calling) {
        if (calling) {
            over++;
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
