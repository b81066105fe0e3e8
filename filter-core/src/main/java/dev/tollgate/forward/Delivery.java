package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Exchange;
import dev.tollgate.Refusal;
import dev.tollgate.config.Settings;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer on its way to a caller. It goes out in pieces, so that a caller who reads slowly is told from one who does not
 * read; the latter is given up, and so is whoever has not read all of it when the call's time is over.
 */
/* Everything happens in the call's lane. The alarm is set only while something is waited for. */
final class Delivery {
    private static final int PIECE = 64 * 1024;
    private static final long LEAST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Tries tries;
    private final Exchange exchange;
    private final byte[] body;
    private final Supplier<CompletionStage<Void>> beforeEnd;
    private final Settings.Timeouts timeouts;
    private final Alarm alarm;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int sent;
    private long progressNanos;

    private Delivery(Tries tries, byte[] body, Supplier<CompletionStage<Void>> beforeEnd) {
        Call call = tries.call();
        this.tries = tries;
        this.exchange = call.exchange();
        this.body = body;
        this.beforeEnd = beforeEnd;
        this.timeouts = call.plan().model().timeouts();
        this.alarm = new Alarm(tries.forwarder().timers, tries.lane());
    }

    /**
     * Writes a body whose head has been sent, and ends the exchange.
     *
     * @return fails with a {@link Refusal} when the caller has left or did not read
     */
    static CompletionStage<Void> of(Tries tries, byte[] body) {
        return of(tries, body, () -> CompletableFuture.completedFuture(null));
    }

    /** @param beforeEnd waited for before the exchange is ended, however long it takes */
    static CompletionStage<Void> of(Tries tries, byte[] body, Supplier<CompletionStage<Void>> beforeEnd) {
        Delivery delivery = new Delivery(tries, body, beforeEnd);
        tries.lane().run(delivery::goOn);
        return delivery.done;
    }

    private void goOn() {
        while (sent < body.length) {
            int length = Math.min(PIECE, body.length - sent);
            ByteBuffer piece = ByteBuffer.wrap(body, sent, length).slice();
            sent += length;
            CompletableFuture<Void> written = begun(() -> exchange.write(piece));
            if (!written.isDone() || written.isCompletedExceptionally()) {
                waitFor(written, this::goOn);
                return;
            }
        }
        tries.lane().take(begun(beforeEnd), (nothing, failure) -> waitFor(begun(exchange::end), this::finish));
    }

    private static CompletableFuture<Void> begun(Supplier<CompletionStage<Void>> step) {
        try {
            return step.get().toCompletableFuture();
        } catch (RuntimeException fault) {
            return CompletableFuture.failedFuture(fault);
        }
    }

    private void waitFor(CompletableFuture<Void> step, Runnable then) {
        progressNanos = tries.call().now();
        if (!step.isDone()) {
            tickLater();
        }
        tries.lane().take(step, (taken, failure) -> taken(failure, then));
    }

    private void taken(@Nullable Throwable failure, Runnable then) {
        alarm.stop();
        if (failure instanceof RuntimeException fault) {
            done.completeExceptionally(fault); // a fault of the gateway's own, or of its container
        } else if (failure != null) {
            giveUp("the caller left before the answer was whole");
        } else if (!done.isDone()) {
            then.run();
        }
    }

    private void finish() {
        done.complete(null);
    }

    private long idleLeft() {
        return timeouts.idle().toNanos() - (tries.call().now() - progressNanos);
    }

    private void tickLater() {
        alarm.set(Math.max(LEAST_TICK_NANOS, Math.min(idleLeft(), tries.nanosLeft())), this::tick);
    }

    private void tick() {
        if (idleLeft() <= 0) {
            breakOff("the caller did not read for " + Shortfalls.spell(timeouts.idle()));
        } else if (tries.nanosLeft() <= 0) {
            breakOff("the caller had not read its answer after " + Shortfalls.spell(tries.total()));
        } else {
            tickLater();
        }
    }

    private void breakOff(String why) {
        giveUp(why);
        exchange.abort();
    }

    private void giveUp(String why) {
        done.completeExceptionally(new Refusal(ErrorCode.CALLER_CANCELLED, why));
    }
}
