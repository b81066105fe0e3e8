package dev.tollgate.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** One connection to a server, with at most one call on it at a time. */
final class Line {
    private final InetSocketAddress server;
    private final Selector selector;
    private final AnswerReader answer = new AnswerReader();
    private SocketChannel channel;
    private SelectionKey key;
    private byte[] token = {};
    private ByteBuffer unsent = ByteBuffer.allocate(0);
    private boolean busy;
    private long started;
    private long firstToken;

    Line(InetSocketAddress server, Selector selector) throws IOException {
        this.server = server;
        this.selector = selector;
        this.channel = connect(server);
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    private static SocketChannel connect(InetSocketAddress server) throws IOException {
        SocketChannel channel = SocketChannel.open(server);
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }

    /**
     * Sends a request.
     *
     * @param from the moment that the call's times count from, on {@link System#nanoTime}
     */
    void send(Request request, long from) throws IOException {
        answer.reset();
        busy = true;
        started = from;
        firstToken = 0;
        token = request.token();
        unsent = request.bytes().duplicate();
        write();
    }

    private void write() throws IOException {
        channel.write(unsent);
        int wanted = unsent.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    /**
     * Reads and writes what is possible now.
     *
     * @param shared an array-backed buffer that is free during the call
     * @return whether the answer is complete
     * @throws IOException when the server has closed the connection, or does not speak HTTP
     */
    @SuppressWarnings("ByteBufferBackingArray") // its owner made it of an array
    boolean turn(ByteBuffer shared) throws IOException {
        if (key.isWritable()) {
            write();
        }
        shared.clear();
        int count = channel.read(shared);
        if (count < 0) {
            throw new IOException("the server closed the connection");
        }
        return count > 0 && taken(shared.array(), count);
    }

    private boolean taken(byte[] bytes, int count) throws IOException {
        if (!busy) {
            throw new IOException("bytes without a call");
        }
        boolean done = parsed(bytes, count);
        if (firstToken == 0 && answer.bodySeen() && (done || hasToken(bytes, count))) {
            firstToken = System.nanoTime();
        }
        busy = !done;
        return done;
    }

    private boolean hasToken(byte[] bytes, int count) {
        for (int at = 0; at <= count - token.length; at++) {
            if (Arrays.equals(bytes, at, at + token.length, token, 0, token.length)) {
                return true;
            }
        }
        return false;
    }

    private boolean parsed(byte[] bytes, int count) throws IOException {
        try {
            return answer.read(bytes, 0, count);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Whether the line cannot be used for another call. */
    boolean spent() {
        return answer.closes();
    }

    void reconnect() throws IOException {
        close();
        busy = false;
        channel = connect(server);
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    boolean busy() {
        return busy;
    }

    int status() {
        return answer.status();
    }

    /** Whether the first token has come. */
    boolean hasFirstToken() {
        return firstToken != 0;
    }

    long started() {
        return started;
    }

    /** Nanoseconds from the call's start to the first token of the answer. */
    long firstTokenNanos() {
        return firstToken - started;
    }
}
