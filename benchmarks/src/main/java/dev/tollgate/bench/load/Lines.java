package dev.tollgate.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/** All connections of one load, served by one thread. */
final class Lines implements AutoCloseable {
    private final Selector selector;
    private final ByteBuffer shared = ByteBuffer.allocate(64 * 1024);
    private final List<Line> lines = new ArrayList<>();

    Lines(InetSocketAddress server, int count) throws IOException {
        selector = Selector.open();
        for (int i = 0; i < count; i++) {
            lines.add(new Line(server, selector));
        }
    }

    List<Line> all() {
        return lines;
    }

    /** What a load does when a call is over; the line is ready for another. */
    interface Listener {
        /** A whole answer has come. */
        void answered(Line line) throws IOException;

        /** The call, or an idle connection, broke off. */
        void broken(Line line, boolean calling) throws IOException;
    }

    /** Waits for something to happen until then, on {@link System#nanoTime}, or a little longer, and handles it. */
    void turn(long until, Listener listener) throws IOException {
        long millis = (until - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            selector.selectNow(key -> handle(key, listener));
        } else {
            selector.select(key -> handle(key, listener), millis);
        }
    }

    /** Makes a {@link #turn} that waits return at once; for other threads. */
    void wakeUp() {
        selector.wakeup();
    }

    private void handle(SelectionKey key, Listener listener) {
        Line line = (Line) key.attachment();
        try {
            if (line.turn(shared)) {
                if (line.spent()) {
                    line.reconnect();
                }
                listener.answered(line);
            }
        } catch (IOException e) {
            reopen(line, listener);
        }
    }

    private static void reopen(Line line, Listener listener) {
        boolean calling = line.busy();
        try {
            line.reconnect();
            listener.broken(line, calling);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        lines.forEach(Line::close);
        selector.close();
    }
}
