package dev.tollgate.servlet;

import dev.tollgate.Header;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/*
 * The rules of non-blocking output that containers hold a writer to:
 *  - one drain at a time, whichever thread it is on: all of it happens inside the fence;
 *  - nothing is written before the first onWritePossible, and nothing after isReady() said false until the next one;
 *  - isReady() is asked before every write and every flush (Tomcat throws otherwise);
 *  - an array given to write() belongs to the container until isReady() says true again (Jetty keeps it);
 *  - streams are flushed once per write, answers of known length never.
 */
/** Writes an answer without waiting: takes a write at a time, and says when the container can take more. */
final class AnswerWriter implements WriteListener {
    private static final int SLICE = 32 * 1024;

    private final Fence fence;
    private final AnswerHead head;
    private final ServletOutputStream out;
    private final Piece none = new Piece(ByteBuffer.allocate(0), false);

    // All of these are touched only inside the fence.
    private final Queue<Piece> pieces = new ArrayDeque<>();
    private boolean writable;
    private boolean flushing;
    private long written;
    private boolean closed;

    /** Bytes to write, or the end of the answer. */
    private static final class Piece {
        private final ByteBuffer data;
        private final CompletableFuture<Void> taken = new CompletableFuture<>();
        private boolean toFlush;

        Piece(ByteBuffer data, boolean toFlush) {
            this.data = data;
            this.toFlush = toFlush;
        }
    }

    /** To be made on the container's thread, in asynchronous mode. */
    AnswerWriter(Fence fence, HttpServletResponse response, boolean answersHead) throws IOException {
        this.fence = fence;
        this.head = new AnswerHead(response, answersHead);
        this.out = response.getOutputStream();
        fence.onGone(this::fail);
    }

    /**
     * Asks for the first onWritePossible. On the container's thread: on any other, Tomcat waits in this call for the lock
     * under which it calls back, and a callback waits for the fence.
     */
    void listen() {
        out.setWriteListener(this);
    }

    void head(int status, List<Header> headers) {
        fence.inside(
                () -> {
                    head.set(status, headers);
                    return true;
                },
                false);
    }

    CompletionStage<Void> write(ByteBuffer data) {
        return submit(() -> {
            begin(data.remaining());
            return new Piece(data, flushing);
        });
    }

    /** Completes when everything written has been taken; an answer without a body begins here. */
    CompletionStage<Void> finish() {
        return submit(() -> {
            begin(0);
            return new Piece(ByteBuffer.allocate(0), false);
        });
    }

    /** Whether the client can tell by itself where the answer ends. */
    boolean isWhole() {
        return fence.inside(() -> head.isWhole(written), false);
    }

    private CompletionStage<Void> submit(Fence.Work<Piece> making) {
        Piece refused = new Piece(ByteBuffer.allocate(0), false);
        Piece piece = fence.inside(
                () -> {
                    Piece made = making.run();
                    pieces.add(made);
                    return made;
                },
                refused);
        if (piece == refused) {
            return CompletableFuture.failedFuture(fence.closedBecause());
        }
        drain();
        return piece.taken;
    }

    private void begin(int firstBytes) {
        head.begin(firstBytes);
        flushing = !head.isLengthDeclared();
    }

    @Override
    public void onWritePossible() {
        fence.inside(
                () -> {
                    writable = true;
                    return true;
                },
                false);
        drain();
    }

    /**
     * Something has failed; unless the answer is whole. Jetty closes the stream by itself once the declared length has been
     * written, and says so by an error if it had asked for a moment's patience before.
     */
    @Override
    public void onError(Throwable cause) {
        boolean whole = fence.inside(() -> closed = head.isWhole(written), false);
        if (whole) {
            onWritePossible();
        } else {
            fence.gone(cause);
        }
    }

    private void drain() {
        for (Piece done = takeNext(); done != none; done = takeNext()) {
            done.taken.complete(null);
        }
    }

    private Piece takeNext() {
        return fence.inside(this::next, none);
    }

    /** The next piece that the container has taken whole, or none. */
    private Piece next() throws IOException {
        Piece piece = pieces.peek();
        if (piece == null || !writable) {
            return none;
        }
        writable = send(piece);
        if (!writable) {
            return none;
        }
        pieces.remove();
        return piece;
    }

    /** Writes what the container takes; returns whether it has taken everything and can take more. */
    private boolean send(Piece piece) throws IOException {
        if (closed) {
            return true;
        }
        while (piece.data.hasRemaining()) {
            if (!out.isReady()) {
                return false;
            }
            writeSlice(piece.data);
        }
        if (piece.toFlush) {
            if (!out.isReady()) {
                return false;
            }
            out.flush();
            piece.toFlush = false;
        }
        return out.isReady();
    }

    private void writeSlice(ByteBuffer data) throws IOException {
        int length = Math.min(SLICE, data.remaining());
        written += length;
        if (data.hasArray()) {
            out.write(data.array(), data.arrayOffset() + data.position(), length);
            data.position(data.position() + length);
        } else {
            byte[] slice = new byte[length];
            data.get(slice);
            out.write(slice);
        }
    }

    /** Makes the answer end improperly when the exchange is completed next; inside the fence only. */
    void breakOff() {
        head.breakOff();
    }

    void fail(Throwable cause) {
        // The fence is closed: this thread closed it, and no other gets to the pieces any more.
        for (Piece piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            piece.taken.completeExceptionally(new IOException("the client is gone", cause));
        }
    }
}
