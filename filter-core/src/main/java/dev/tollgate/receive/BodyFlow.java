package dev.tollgate.receive;

import dev.tollgate.BodySource;
import dev.tollgate.Refusal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request body that is handed on as it comes, whatever server it comes from: at most one piece at a time, and none that was
 * not asked for. It watches the pace only while a piece is being waited for, since the rest of the time is not the caller's.
 */
/*
 * Invariants, under this object's own lock, which is never held while the gateway is called:
 *  - `asked` is the one read under way; it is answered by deliver() with a piece, the end, or the refusal.
 *  - `over` is set once nothing more will be read: at the end, when the connection failed, when the caller was too slow, or
 *    when as much has been thrown away as will be.
 */
public final class BodyFlow implements Intake {
    private final long maxBytes;
    private final long declared;
    private final BodyTerms terms;
    private final LongSupplier nanoClock;
    private final CompletableFuture<Void> discarded = new CompletableFuture<>();

    private @Nullable CompletableFuture<Optional<ByteBuffer>> asked;
    private @Nullable ByteBuffer piece;
    private @Nullable Refusal refusal;
    private boolean over;
    private boolean discarding;
    private long discardedFrom;
    private long received;
    private long lastByte;
    private long pausedSince;
    /** When the body began, moved on by the time that nothing was asked for. */
    private long started;

    private long discardStarted;

    /**
     * @param maxBytes the largest body to hand on
     * @param declared what {@code content-length} says, or -1
     */
    public BodyFlow(long maxBytes, long declared, BodyTerms terms, LongSupplier nanoClock) {
        this.maxBytes = maxBytes;
        this.declared = declared;
        this.terms = terms;
        this.nanoClock = nanoClock;
        this.started = nanoClock.getAsLong();
        this.lastByte = started;
        this.pausedSince = started;
        if (declared > maxBytes) {
            refusal = tooLarge();
        }
    }

    /**
     * The body as its reader sees it.
     *
     * @param onAsked called when a piece has been asked for, or the rest is to be thrown away: the edge reads on
     * @param onDiscarding called before that when the rest is to be thrown away, which may take so long only
     */
    public BodySource pieces(Runnable onAsked, Runnable onDiscarding) {
        return new BodySource() {
            @Override
            public long declared() {
                return BodyFlow.this.declared();
            }

            @Override
            public CompletionStage<Optional<ByteBuffer>> read() {
                CompletionStage<Optional<ByteBuffer>> piece = ask();
                onAsked.run();
                return piece;
            }

            @Override
            public CompletionStage<Void> discard() {
                CompletionStage<Void> done = BodyFlow.this.discard();
                onDiscarding.run();
                onAsked.run();
                return done;
            }
        };
    }

    /** What {@code content-length} says, or -1. */
    public long declared() {
        return declared;
    }

    /** Asks for the next piece; it comes by {@link #deliver}. */
    public synchronized CompletionStage<Optional<ByteBuffer>> ask() {
        if (asked != null) {
            throw new IllegalStateException("the last piece has not come yet");
        }
        CompletableFuture<Optional<ByteBuffer>> wanted = new CompletableFuture<>();
        asked = wanted;
        long now = nanoClock.getAsLong();
        started += now - pausedSince;
        lastByte = now;
        return wanted;
    }

    /** From now on all that comes is thrown away; {@link #deliver} tells when that is over. */
    public synchronized CompletionStage<Void> discard() {
        if (!discarding) {
            discarding = true;
            piece = null;
            discardedFrom = received;
            discardStarted = nanoClock.getAsLong();
            lastByte = discardStarted;
            over = over || declared - received > terms.discardBytes();
        }
        return discarded;
    }

    @Override
    public synchronized boolean isOver() {
        return over;
    }

    @Override
    public synchronized boolean wantsMore() {
        return !over && (discarding || (asked != null && piece == null && refusal == null));
    }

    @Override
    public synchronized boolean take(ByteBuffer bytes) {
        int count = bytes.remaining();
        lastByte = nanoClock.getAsLong();
        received += count;
        if (discarding) {
            over = over || received - discardedFrom > terms.discardBytes();
        } else if (received > maxBytes) {
            refuse(tooLarge());
        } else if (count > 0) {
            piece = ByteBuffer.allocate(count).put(bytes).flip();
            pausedSince = lastByte;
        }
        return wantsMore();
    }

    @Override
    public synchronized void end() {
        if (!discarding && declared > 0 && received == 0) {
            refuse(BodyFaults.readBefore());
        } else if (!discarding && received < declared) {
            refuse(BodyFaults.cutShort());
        }
        over = true;
    }

    @Override
    public synchronized void cut(Throwable cause) {
        if (!over) {
            refuse(BodyFaults.of(cause));
            over = true;
        }
    }

    @Override
    public synchronized boolean overdue() {
        if (!wantsMore() || !timeLeft().isZero()) {
            return false;
        }
        refuse(BodyFaults.tooSlow());
        over = true;
        return true;
    }

    /** While nothing is asked for this is the longest silence, after which it is worth looking again. */
    @Override
    public synchronized Duration timeLeft() {
        if (!wantsMore()) {
            return terms.gap();
        }
        long silent = lastByte + terms.gap().toNanos();
        long patience = discarding ? discardStarted + terms.discardTime().toNanos() : patienceEnds();
        return Duration.ofNanos(Math.max(0, Math.min(silent, patience) - nanoClock.getAsLong()));
    }

    private long patienceEnds() {
        long earned = Math.multiplyExact(received / terms.bytesPerSecond(), 1_000_000_000L);
        return started + terms.patience().toNanos() + earned;
    }

    @Override
    public void deliver() {
        CompletableFuture<Optional<ByteBuffer>> waiting = null;
        ByteBuffer next = null;
        Refusal fault = null;
        boolean nothingMore;
        synchronized (this) {
            nothingMore = discarding && over;
            if (asked != null && (piece != null || refusal != null || over || discarding)) {
                waiting = asked;
                asked = null;
                next = piece;
                piece = null;
                fault = next == null && !discarding ? refusal : null;
            }
        }
        if (waiting != null && fault != null) {
            waiting.completeExceptionally(fault);
        } else if (waiting != null) {
            waiting.complete(Optional.ofNullable(next));
        }
        if (nothingMore) {
            discarded.complete(null);
        }
    }

    private void refuse(Refusal reason) {
        if (refusal == null) {
            refusal = reason;
        }
    }

    private Refusal tooLarge() {
        return BodyFaults.tooLarge(maxBytes, "server.max-upload");
    }
}
