package dev.tollgate.testing;

import dev.tollgate.BodySource;
import dev.tollgate.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A request body that a test sends piece by piece; it fails a test that asks twice at a time. */
public final class FakeBody implements BodySource {
    private static final int SLICE = 8 * 1024;

    private final long declared;
    private final ArrayDeque<ByteBuffer> sent = new ArrayDeque<>();
    private final CompletableFuture<Void> discarded = new CompletableFuture<>();
    private CompletableFuture<Optional<ByteBuffer>> asked;
    private Refusal fault;
    private boolean ended;
    private boolean discarding;
    private long taken;

    FakeBody(long declared) {
        this.declared = declared;
    }

    public FakeBody send(byte[] bytes) {
        synchronized (this) {
            for (int at = 0; at < bytes.length; at += SLICE) {
                sent.add(ByteBuffer.wrap(bytes, at, Math.min(SLICE, bytes.length - at))
                        .slice());
            }
        }
        deliver();
        return this;
    }

    public FakeBody end() {
        synchronized (this) {
            ended = true;
        }
        deliver();
        return this;
    }

    /** The body will not come whole. */
    public FakeBody fail(Refusal why) {
        synchronized (this) {
            fault = why;
        }
        deliver();
        return this;
    }

    /** Bytes handed on so far. */
    public synchronized long taken() {
        return taken;
    }

    /** Bytes that nobody has asked for. */
    public synchronized long waiting() {
        return sent.stream().mapToLong(ByteBuffer::remaining).sum();
    }

    public synchronized boolean isAsked() {
        return asked != null;
    }

    public synchronized boolean isDiscarded() {
        return discarding;
    }

    @Override
    public long declared() {
        return declared;
    }

    @Override
    public CompletionStage<Optional<ByteBuffer>> read() {
        CompletableFuture<Optional<ByteBuffer>> wanted = new CompletableFuture<>();
        synchronized (this) {
            if (asked != null) {
                throw new AssertionError("asked for a piece before the last one came");
            }
            asked = wanted;
        }
        deliver();
        return wanted;
    }

    @Override
    public CompletionStage<Void> discard() {
        synchronized (this) {
            discarding = true;
        }
        deliver();
        return discarded;
    }

    private void deliver() {
        CompletableFuture<Optional<ByteBuffer>> waiting = null;
        Optional<ByteBuffer> piece = Optional.empty();
        Refusal why;
        boolean over;
        synchronized (this) {
            if (discarding) {
                sent.clear();
            }
            why = fault;
            over = discarding && (ended || fault != null);
            if (asked != null && (discarding || ended || fault != null || !sent.isEmpty())) {
                waiting = asked;
                asked = null;
                piece = Optional.ofNullable(sent.poll());
                taken += piece.map(ByteBuffer::remaining).orElse(0);
            }
        }
        if (waiting != null && why != null && piece.isEmpty() && !discarding) {
            waiting.completeExceptionally(why);
        } else if (waiting != null) {
            waiting.complete(piece);
        }
        if (over) {
            discarded.complete(null);
        }
    }
}
