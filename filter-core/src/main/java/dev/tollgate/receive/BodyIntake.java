package dev.tollgate.receive;

import dev.tollgate.Refusal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request body on its way in, whatever server it comes from: keeps up to a cap, watches the pace and says what is wrong.
 * A body that is too large is read to its end all the same, within a bound, and thrown away: a client that is still sending
 * when its connection is closed may never see the answer.
 *
 * <p>Used by one thread at a time. What becomes of the body is handed over by {@link #deliver}, apart from the rest so that
 * an edge can do it without holding the lock under which it reads.
 */
public final class BodyIntake implements Intake {
    private static final int FIRST_ROOM = 16 * 1024;

    private final long maxBytes;
    private final long declared;
    private final BodyTerms terms;
    private final LongSupplier nanoClock;
    private final long started;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final AtomicBoolean delivered = new AtomicBoolean();
    private byte[] kept;
    private int size;
    private long received;
    private long lastByte;
    /** Written after what {@link #deliver} reads, since that may run beside the thread that reads the body. */
    private volatile boolean over;

    private long refusedAt;
    private @Nullable Refusal refusal;

    /**
     * @param maxBytes the largest body to keep
     * @param declared what {@code content-length} says, or -1
     */
    public BodyIntake(long maxBytes, long declared, BodyTerms terms, LongSupplier nanoClock) {
        this.maxBytes = Math.min(maxBytes, Integer.MAX_VALUE - 8L);
        this.declared = declared;
        this.terms = terms;
        this.nanoClock = nanoClock;
        this.started = nanoClock.getAsLong();
        this.lastByte = started;
        this.kept = new byte[(int) Math.min(FIRST_ROOM, Math.max(0, declared < 0 ? FIRST_ROOM : declared))];
        if (declared > this.maxBytes) {
            refuseSize();
            over = declared > terms.discardBytes();
        }
    }

    /** The whole body, or the {@link Refusal} that it ended in. */
    public CompletionStage<byte[]> body() {
        return body;
    }

    /** Whether nothing more is wanted: the body is whole, or it is refused and as much read as will be. */
    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public boolean wantsMore() {
        return !over;
    }

    /** Completes {@link #body} if the body is over; does nothing the second time. */
    @Override
    public void deliver() {
        if (!over || !delivered.compareAndSet(false, true)) {
            return;
        }
        byte[] whole = size == kept.length ? kept : Arrays.copyOf(kept, size);
        kept = new byte[0]; // an exchange may live for minutes after its body
        size = 0;
        if (refusal != null) {
            body.completeExceptionally(refusal);
        } else {
            body.complete(whole);
        }
    }

    @Override
    public boolean take(ByteBuffer bytes) {
        int count = bytes.remaining();
        lastByte = nanoClock.getAsLong();
        received += count;
        if (received > maxBytes) {
            refuseSize();
        }
        if (refusal != null) {
            over = over || received > terms.discardBytes();
            return !over;
        }
        makeRoom(count);
        bytes.get(kept, size, count);
        size += count;
        return true;
    }

    @Override
    public void end() {
        if (refusal != null) {
            over = true;
        } else if (declared > 0 && received == 0) {
            fail(BodyFaults.readBefore());
        } else if (received < declared) {
            fail(BodyFaults.cutShort());
        } else {
            over = true;
        }
    }

    @Override
    public void cut(Throwable cause) {
        fail(BodyFaults.of(cause));
    }

    @Override
    public boolean overdue() {
        if (over || !timeLeft().isZero()) {
            return false;
        }
        fail(BodyFaults.tooSlow());
        return true;
    }

    @Override
    public Duration timeLeft() {
        long silent = lastByte + terms.gap().toNanos();
        long end = Math.min(
                silent, refusal != null ? refusedAt + terms.discardTime().toNanos() : patienceEnds());
        return Duration.ofNanos(Math.max(0, end - nanoClock.getAsLong()));
    }

    private long patienceEnds() {
        long earned = Math.multiplyExact(received / terms.bytesPerSecond(), 1_000_000_000L);
        return started + terms.patience().toNanos() + earned;
    }

    private void fail(Refusal reason) {
        if (!over) {
            refuse(reason);
            over = true;
        }
    }

    private void refuse(Refusal reason) {
        if (refusal == null) {
            refusal = reason;
            refusedAt = nanoClock.getAsLong();
            kept = new byte[0];
            size = 0;
        }
    }

    private void refuseSize() {
        refuse(BodyFaults.tooLarge(maxBytes, "server.max-body"));
    }

    private void makeRoom(int count) {
        int needed = size + count;
        if (needed > kept.length) {
            long doubled = Math.max(needed, 2L * kept.length);
            long limit = declared >= 0 ? Math.max(needed, declared) : maxBytes;
            kept = Arrays.copyOf(kept, (int) Math.min(doubled, limit));
        }
    }
}
