package dev.tollgate.jetty;

import dev.tollgate.receive.BodyIntake;
import dev.tollgate.receive.BodyTerms;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request body as it comes, by Jetty's demand, and throws away what nobody wants of it. What it hands on, it hands
 * on without holding its lock.
 */
final class BodyPump {
    private final Request request;
    private final Scheduler scheduler;
    private final BodyTerms terms;

    private final Object lock = new Object();
    private @Nullable BodyIntake intake;
    private boolean demanding;
    private boolean ended;
    private boolean discarding;
    private long allowance;
    private Runnable afterDiscard = BodyPump::nothing;
    private Scheduler.@Nullable Task alarm;

    BodyPump(Request request, BodyTerms terms) {
        this.request = request;
        this.scheduler = request.getComponents().getScheduler();
        this.terms = terms;
        this.allowance = terms.discardBytes();
    }

    CompletionStage<byte[]> read(long maxBytes) {
        BodyIntake wanted = new BodyIntake(maxBytes, request.getLength(), terms, System::nanoTime);
        synchronized (lock) {
            intake = wanted;
            if (!wanted.isOver()) {
                alarmAfter(wanted.timeLeft(), this::checkPace);
            }
        }
        pump();
        return wanted.body();
    }

    /** Whether the caller may still be sending. */
    boolean hasRest() {
        synchronized (lock) {
            return !ended && request.getLength() != 0;
        }
    }

    /**
     * Reads what the caller still sends, within a bound, so that it gets to read its answer: unread bytes make Jetty close
     * the connection, and the answer may be lost.
     *
     * @param then run once
     */
    void discardThen(Runnable then) {
        synchronized (lock) {
            discarding = true;
            afterDiscard = then;
            // A caller that was too slow before is not waited for again.
            ended = ended
                    || (intake != null && intake.isOver() && intake.timeLeft().isZero());
            alarmAfter(terms.discardTime(), this::stopDiscarding);
        }
        pump();
    }

    private void pump() {
        synchronized (lock) {
            demanding = false;
            while (isWanted() && !demanding) {
                next();
            }
        }
        tell();
    }

    private boolean isWanted() {
        return !ended && (discarding || (intake != null && !intake.isOver()));
    }

    private void next() {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
            demanding = true;
            request.demand(this::pump);
        } else if (Content.Chunk.isFailure(chunk)) {
            cut(chunk.getFailure());
        } else {
            take(chunk);
            chunk.release();
        }
    }

    private void take(Content.Chunk chunk) {
        if (discarding) {
            allowance -= chunk.remaining();
        } else if (intake != null && chunk.hasRemaining()) {
            intake.take(chunk.getByteBuffer());
        }
        if (chunk.isLast() || allowance < 0) {
            end();
        }
    }

    private void end() {
        ended = true;
        if (intake != null) {
            intake.end();
        }
    }

    private void cut(Throwable cause) {
        ended = true;
        if (intake != null) {
            intake.cut(cause);
        }
    }

    /** The exchange is over: whoever waits for the body is told. */
    void fail(Throwable cause) {
        synchronized (lock) {
            cut(cause);
        }
        tell();
    }

    private void checkPace() {
        synchronized (lock) {
            if (intake != null && !intake.isOver() && !intake.overdue()) {
                alarmAfter(intake.timeLeft(), this::checkPace);
            }
        }
        tell();
    }

    private void stopDiscarding() {
        synchronized (lock) {
            ended = true;
        }
        tell();
    }

    private void alarmAfter(Duration delay, Runnable action) {
        stopAlarm();
        alarm = scheduler.schedule(action, delay.toNanos() + 1, TimeUnit.NANOSECONDS);
    }

    private void stopAlarm() {
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }

    private void tell() {
        BodyIntake reading;
        Runnable next = BodyPump::nothing;
        synchronized (lock) {
            reading = intake;
            if (ended || (!discarding && reading != null && reading.isOver())) {
                stopAlarm();
            }
            if (ended && discarding) {
                next = afterDiscard;
                afterDiscard = BodyPump::nothing;
            }
        }
        if (reading != null) {
            reading.deliver();
        }
        next.run();
    }

    private static void nothing() {
        // there is nothing to do next
    }
}
