package dev.tollgate.stream;

import dev.tollgate.Exchange;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written to a caller, in order and one write at a time; while one is under way, small pieces gather into the
 * next. Used only in its {@link Lane}.
 */
public final class Outbox {
    /** Pieces are joined up to about this size, in bytes. */
    private static final int GATHERED = 16 * 1024;

    private record Piece(ByteBuffer bytes, long mark) {}

    private final Exchange exchange;
    private final Lane lane;
    private final Runnable onWritten;
    private final Consumer<Throwable> onBroken;
    private final ArrayDeque<Piece> queue = new ArrayDeque<>();
    private long queuedBytes;
    private long writingMark;
    private long writtenMark;
    private boolean writing;
    private boolean closed;
    /** Whether only the first of what is queued may be written, and how many those are. */
    private boolean holding;

    private int free;

    /**
     * @param onWritten called in the lane after each write that the caller has taken
     * @param onBroken called in the lane, once, when a write failed
     */
    public Outbox(Exchange exchange, Lane lane, Runnable onWritten, Consumer<Throwable> onBroken) {
        this.exchange = exchange;
        this.lane = lane;
        this.onWritten = onWritten;
        this.onBroken = onBroken;
    }

    /** @param mark what {@link #writtenMark} tells once these bytes are taken; never less than for the piece before */
    public void add(ByteBuffer bytes, long mark) {
        if (bytes.hasRemaining() && !closed) {
            queue.add(new Piece(bytes, mark));
            queuedBytes += bytes.remaining();
        }
    }

    /** Bytes that no write has begun for. */
    public long queuedBytes() {
        return queuedBytes;
    }

    /** Whether everything added has been taken by the caller. */
    public boolean isIdle() {
        return !writing && queue.isEmpty();
    }

    /** The mark of the last piece the caller has taken. */
    public long writtenMark() {
        return writtenMark;
    }

    /** What is added from now on waits until it is let go. */
    public void hold() {
        if (!holding) {
            holding = true;
            free = queue.size();
        }
    }

    /** What waits may be written. */
    public void letGo() {
        holding = false;
    }

    /** Throws away what waits, and goes on holding. */
    public void dropHeld() {
        while (holding && queue.size() > free) {
            queuedBytes -= queue.removeLast().bytes().remaining();
        }
    }

    /** Whether all that is left to be written waits to be let go. */
    public boolean isHeld() {
        return holding && free == 0 && !writing;
    }

    /**
     * Begins a write if there is something to write and no write is under way.
     *
     * @return whether it did
     */
    public boolean flush() {
        if (writing || closed || mayTake() == 0) {
            return false;
        }
        ByteBuffer next = gather();
        writing = true;
        write(next).whenComplete((taken, failure) -> lane.run(() -> written(failure)));
        return true;
    }

    private CompletionStage<Void> write(ByteBuffer bytes) {
        try {
            return exchange.write(bytes);
        } catch (RuntimeException fault) {
            return CompletableFuture.failedFuture(fault);
        }
    }

    /** How many pieces may be written. */
    private int mayTake() {
        return holding ? free : queue.size();
    }

    private ByteBuffer gather() {
        int most = mayTake() - 1;
        Piece first = queue.remove();
        int size = first.bytes().remaining();
        int more = 0;
        for (Piece piece : queue) {
            if (more == most || size + piece.bytes().remaining() > GATHERED) {
                break;
            }
            size += piece.bytes().remaining();
            more++;
        }
        free -= 1 + more;
        queuedBytes -= size;
        writingMark = first.mark();
        return more == 0 ? first.bytes() : join(first.bytes(), more, size);
    }

    private ByteBuffer join(ByteBuffer first, int more, int size) {
        ByteBuffer joined = ByteBuffer.allocate(size).put(first);
        for (int i = 0; i < more; i++) {
            Piece piece = queue.remove();
            joined.put(piece.bytes());
            writingMark = piece.mark();
        }
        return joined.flip();
    }

    private void written(@Nullable Throwable failure) {
        writing = false;
        if (closed) {
            return;
        }
        if (failure != null) {
            close();
            onBroken.accept(failure);
            return;
        }
        writtenMark = writingMark;
        onWritten.run();
    }

    /** Throws away what has not been written and takes nothing more. */
    public void close() {
        closed = true;
        queue.clear();
        queuedBytes = 0;
        free = 0;
    }
}
