package dev.tollgate.jetty;

import dev.tollgate.BodySource;
import dev.tollgate.receive.BodyFlow;
import dev.tollgate.receive.BodyIntake;
import dev.tollgate.receive.BodyTerms;
import dev.tollgate.receive.Intake;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request body as it comes, by Jetty's demand. What it hands on, it hands on without holding its lock.
 */
final class BodyPump {
    private final Request request;
    private final Scheduler scheduler;
    private final BodyTerms terms;

    private final Object lock = new Object();
    private @Nullable Intake intake;
    private boolean demanding;
    private boolean ended;
    private Scheduler.@Nullable Task alarm;

    BodyPump(Request request, BodyTerms terms) {
        this.request = request;
        this.scheduler = request.getComponents().getScheduler();
        this.terms = terms;
    }

    CompletionStage<byte[]> read(long maxBytes) {
        BodyIntake wanted = new BodyIntake(maxBytes, request.getLength(), terms, System::nanoTime);
        begin(wanted);
        pump();
        return wanted.body();
    }

    /** Opens the body to be read in pieces. */
    BodySource open(long maxBytes) {
        BodyFlow flow = new BodyFlow(maxBytes, request.getLength(), terms, System::nanoTime);
        begin(flow);
        return flow.pieces(this::pump, () -> watchDiscarding(flow));
    }

    private void begin(Intake wanted) {
        synchronized (lock) {
            intake = wanted;
            if (!wanted.isOver()) {
                alarmAfter(wanted.timeLeft(), this::checkPace);
            }
        }
    }

    /** Reads what is there; a demand that is under way goes on by itself. */
    private void pump() {
        boolean empty = false;
        synchronized (lock) {
            while (isWanted() && !demanding) {
                empty = !next();
            }
        }
        tell();
        if (empty) {
            request.demand(this::demanded); // outside the lock: Jetty may call back at once
        }
    }

    private void demanded() {
        synchronized (lock) {
            demanding = false;
        }
        pump();
    }

    private boolean isWanted() {
        return !ended && intake != null && intake.wantsMore();
    }

    /** Takes the next piece; false when there is none yet, which from then on is demanded. */
    private boolean next() {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
            demanding = true;
            return false;
        }
        if (Content.Chunk.isFailure(chunk)) {
            cut(chunk.getFailure());
        } else {
            take(chunk);
            chunk.release();
        }
        return true;
    }

    private void take(Content.Chunk chunk) {
        if (intake != null && chunk.hasRemaining()) {
            intake.take(chunk.getByteBuffer());
        }
        if (chunk.isLast()) {
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
        Intake reading;
        synchronized (lock) {
            reading = intake;
            if (ended || (reading != null && reading.isOver())) {
                stopAlarm();
            }
        }
        if (reading != null) {
            reading.deliver();
        }
    }

    private void watchDiscarding(BodyFlow flow) {
        synchronized (lock) {
            if (!flow.isOver()) {
                alarmAfter(flow.timeLeft(), this::checkPace);
            }
        }
    }
}
