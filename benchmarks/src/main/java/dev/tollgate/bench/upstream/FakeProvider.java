package dev.tollgate.bench.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A provider of OpenAI chat completions and Anthropic messages on one thread, whole and streamed. It listens on a free port
 * of the loopback address.
 */
public final class FakeProvider implements AutoCloseable {
    private final Selector selector;
    private final ServerSocketChannel server;
    private final Scripts scripts = new Scripts();
    private final ByteBuffer shared = ByteBuffer.allocate(64 * 1024);
    private final PriorityQueue<ProviderLine> timed = new PriorityQueue<>(Comparator.comparingLong(ProviderLine::due));

    public FakeProvider() throws IOException {
        selector = Selector.open();
        server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Runs it as a process of its own, which says its port on the first line and ends when its input does. */
    public static void main(String[] arguments) throws IOException {
        FakeProvider provider = new FakeProvider();
        Thread parent = new Thread(() -> exitWithParent(), "parent");
        parent.setDaemon(true);
        parent.start();
        System.out.println(provider.port());
        provider.run();
    }

    private static void exitWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever said; only the end counts.
            }
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
        System.exit(0);
    }

    public int port() {
        return server.socket().getLocalPort();
    }

    /** Serves until it is closed. */
    public void run() throws IOException {
        while (selector.isOpen()) {
            long millis = writeDue();
            if (millis == 0) {
                selector.selectNow(this::handle);
            } else {
                selector.select(this::handle, millis);
            }
        }
    }

    /** Makes the writes that are due, and answers how many milliseconds to wait for the next one. */
    private long writeDue() {
        long now = System.nanoTime();
        while (!timed.isEmpty()) {
            ProviderLine line = timed.peek();
            if (line.due() - now > 0) {
                return Math.max(1, (line.due() - now) / 1_000_000);
            }
            timed.remove();
            if (line.open()) {
                turn(line, line::write);
            }
        }
        return 1000;
    }

    private void handle(SelectionKey key) {
        if (key.isAcceptable()) {
            accept();
            return;
        }
        ProviderLine line = (ProviderLine) key.attachment();
        if (key.isWritable()) {
            turn(line, line::write);
        }
        if (key.isValid() && key.isReadable()) {
            turn(line, () -> line.read(shared, scripts));
        }
    }

    private interface Turn {
        boolean go() throws IOException;
    }

    private void turn(ProviderLine line, Turn turn) {
        try {
            if (turn.go()) {
                timed.add(line);
            }
        } catch (IOException e) {
            line.close();
        }
    }

    private void accept() {
        try {
            for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
                key.attach(new ProviderLine(channel, key));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        selector.close();
    }
}
