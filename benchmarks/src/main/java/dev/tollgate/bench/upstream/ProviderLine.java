package dev.tollgate.bench.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One connection to the provider, and the answer that is being written to it. */
final class ProviderLine {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SelectionKey key;
    private final RequestReader request = new RequestReader();
    private @Nullable Script script;
    private int next;
    private ByteBuffer unsent = NOTHING;
    private long due;

    ProviderLine(SocketChannel channel, SelectionKey key) {
        this.channel = channel;
        this.key = key;
    }

    /**
     * Reads what has come, and begins an answer when a request is complete.
     *
     * @param shared an array-backed buffer that is free during the call
     * @return whether another write is due later
     */
    @SuppressWarnings("ByteBufferBackingArray") // its owner made it of an array
    boolean read(ByteBuffer shared, Scripts scripts) throws IOException {
        shared.clear();
        int count = channel.read(shared);
        if (count < 0) {
            throw new IOException("closed by the caller");
        }
        request.add(shared.array(), count);
        if (script != null || !request.complete()) {
            return false;
        }
        script = request.answer(scripts);
        next = 0;
        due = System.nanoTime();
        return write();
    }

    /**
     * Makes the next write of the answer, or goes on with one that the connection did not take whole.
     *
     * @return whether another write is due later
     */
    boolean write() throws IOException {
        Script current = script;
        if (current == null) {
            return false;
        }
        if (!unsent.hasRemaining()) {
            unsent = current.writes().get(next++).duplicate();
        }
        channel.write(unsent);
        if (unsent.hasRemaining()) {
            want(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            return false;
        }
        want(SelectionKey.OP_READ);
        if (next == current.writes().size()) {
            script = null;
            return false;
        }
        due += current.gapNanos();
        return true;
    }

    private void want(int operations) {
        if (key.interestOps() != operations) {
            key.interestOps(operations);
        }
    }

    /** When its next write is due, on {@link System#nanoTime}. */
    long due() {
        return due;
    }

    boolean open() {
        return channel.isOpen();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
