package dev.tollgate.forward;

import dev.tollgate.Header;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * An answer of the echo provider under way. At most one task of the executor works for it at a time; it stops when the window
 * is closed and starts again when that opens, so nothing waits and nothing recurses.
 */
final class EchoFlight implements Flight, Runnable {
    private static final int FIRST_WINDOW = 32 * 1024;

    private final Executor executor;
    private final UpstreamListener listener;
    private final Supplier<Content> content;

    private Iterator<byte[]> pieces = List.<byte[]>of().iterator();
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private boolean begun;

    private final Object lock = new Object();
    private long window = FIRST_WINDOW;
    private boolean working;
    private boolean over;

    /** An answer: its head, and its body in pieces that are made when they are taken. */
    record Content(int status, String type, Iterator<byte[]> pieces) {}

    /** @param content makes the answer; called once, by the executor */
    EchoFlight(Executor executor, UpstreamListener listener, Supplier<Content> content) {
        this.executor = executor;
        this.listener = listener;
        this.content = content;
    }

    @Override
    public void request(int bytes) {
        synchronized (lock) {
            window += bytes;
        }
        work();
    }

    @Override
    public void abort() {
        synchronized (lock) {
            over = true;
        }
    }

    /** Has the executor go on with the answer, unless it is doing so. */
    void work() {
        synchronized (lock) {
            if (working || over) {
                return;
            }
            working = true;
        }
        try {
            executor.execute(this);
        } catch (RejectedExecutionException e) {
            abort();
            listener.failed(new UpstreamFailure(UpstreamFailure.Kind.BROKEN, "the echo provider is closed"));
        }
    }

    @Override
    public void run() {
        try {
            send();
        } catch (RuntimeException e) {
            abort();
            listener.failed(new UpstreamFailure(UpstreamFailure.Kind.BROKEN, "the echo provider failed: " + e));
        }
    }

    private void send() {
        if (!begun) {
            begin();
        }
        int length = next();
        while (length > 0) {
            ByteBuffer part = piece.slice(piece.position(), length).asReadOnlyBuffer();
            piece.position(piece.position() + length);
            listener.data(part);
            length = next();
        }
        if (length < 0) {
            listener.end();
        }
    }

    private void begin() {
        begun = true;
        Content answer = content.get();
        pieces = answer.pieces();
        listener.head(answer.status(), List.of(new Header("Content-Type", answer.type())));
    }

    /** How many bytes to send now: 0 when the work stops for now, or for good after an abort; -1 after the last byte. */
    private int next() {
        boolean whole = !piece.hasRemaining() && !pieces.hasNext();
        synchronized (lock) {
            if (over || whole || window <= 0) {
                boolean ends = whole && !over;
                over |= whole;
                working = false;
                return ends ? -1 : 0;
            }
        }
        if (!piece.hasRemaining()) {
            piece = ByteBuffer.wrap(pieces.next());
        }
        return take(piece.remaining());
    }

    private int take(int most) {
        synchronized (lock) {
            int length = (int) Math.min(most, window);
            window -= length;
            return length;
        }
    }
}
