package dev.tollgate.testing;

import dev.tollgate.BodySource;
import dev.tollgate.Refusal;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/** Reads a body piece by piece, as many as it is let read, on threads that are not the container's. */
public final class PieceReader {
    private final BodySource source;
    private final Executor reactor;
    private final AtomicLong bytes = new AtomicLong();
    private final CompletableFuture<Long> whole = new CompletableFuture<>();
    private volatile long upTo = Long.MAX_VALUE;
    private volatile int largest;

    public PieceReader(BodySource source, Executor reactor) {
        this.source = source;
        this.reactor = reactor;
    }

    /** Stops asking once so many bytes have come. */
    public PieceReader upTo(long most) {
        upTo = most;
        return this;
    }

    public PieceReader start() {
        source.read().whenCompleteAsync(this::took, reactor);
        return this;
    }

    private void took(Optional<ByteBuffer> piece, Throwable failure) {
        if (failure != null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            whole.completeExceptionally(cause);
        } else if (piece.isEmpty()) {
            whole.complete(bytes.get());
        } else {
            largest = Math.max(largest, piece.get().remaining());
            if (bytes.addAndGet(piece.get().remaining()) < upTo) {
                start();
            }
        }
    }

    public long bytes() {
        return bytes.get();
    }

    /** The size of the largest piece. */
    public int largest() {
        return largest;
    }

    /** How many bytes the whole body had, or the {@link Refusal} it ended in. */
    public CompletableFuture<Long> whole() {
        return whole;
    }
}
