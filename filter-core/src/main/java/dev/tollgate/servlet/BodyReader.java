package dev.tollgate.servlet;

import dev.tollgate.BodySource;
import dev.tollgate.receive.BodyFlow;
import dev.tollgate.receive.BodyIntake;
import dev.tollgate.receive.Intake;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request body without waiting for it.
 *
 * <p>The read listener is always set on the container's own thread, which containers require: by {@link #read} while that
 * thread is still in the gateway, or by {@link #containerThreadLeaves}.
 */
final class BodyReader implements ReadListener {
    private static final int SLICE = 8 * 1024;

    private final Fence fence;
    private final HttpServletRequest request;
    private final RequestHead head;
    private final EdgeClock clock;
    private final Thread containerThread = Thread.currentThread();

    // All of these are touched only inside the fence.
    private boolean containerThreadHere = true;
    private @Nullable ServletInputStream in;
    private boolean readable;
    private boolean wrapped;
    private boolean ended;
    private @Nullable Intake intake;
    private @Nullable Runnable afterLingering;
    private @Nullable Future<?> alarm;

    BodyReader(Fence fence, HttpServletRequest request, RequestHead head, EdgeClock clock) {
        this.fence = fence;
        this.request = request;
        this.head = head;
        this.clock = clock;
        this.ended = !head.hasBody();
        fence.onGone(this::fail);
    }

    CompletionStage<byte[]> read(long maxBytes) {
        if (head.hasTwoFramings()) {
            return CompletableFuture.failedFuture(RequestHead.twoFramings());
        }
        BodyIntake wanted = new BodyIntake(maxBytes, head.contentLength(), clock.terms(), clock.nanos());
        boolean open = fence.inside(() -> begin(wanted), false);
        if (!open) {
            return CompletableFuture.failedFuture(fence.closedBecause());
        }
        readOn(false);
        return wanted.body();
    }

    /** Opens the body to be read in pieces. */
    BodySource open(long maxBytes) {
        BodyFlow flow = new BodyFlow(maxBytes, head.contentLength(), clock.terms(), clock.nanos());
        if (head.hasTwoFramings()) {
            flow.cut(RequestHead.twoFramings());
        } else if (!fence.inside(() -> begin(flow), false)) {
            flow.cut(fence.closedBecause());
        }
        return flow.pieces(() -> goOn(flow), () -> watchDiscarding(flow));
    }

    private boolean begin(Intake wanted) throws IOException {
        intake = wanted;
        if (ended) {
            wanted.end();
        } else if (!wanted.isOver()) {
            alarmAfter(wanted.timeLeft(), this::checkPace);
            listen();
        }
        return true;
    }

    /** The container's thread goes back: whoever wants the body later finds the listener set. */
    void containerThreadLeaves() {
        fence.inside(
                () -> {
                    if (!ended) {
                        listen();
                    }
                    containerThreadHere = false;
                    return true;
                },
                false);
        readOn(false);
    }

    private void listen() throws IOException {
        if (in != null || !containerThreadHere || Thread.currentThread() != containerThread) {
            return;
        }
        try {
            in = request.getInputStream();
            in.setReadListener(this);
        } catch (IllegalStateException | UnsupportedOperationException e) {
            readWrapped();
        }
    }

    /** An earlier filter has put a stream of its own in front, which holds the body already and cannot do without waiting. */
    private void readWrapped() {
        if (in == null || intake == null) {
            endOfBody(); // an earlier filter reads it as text, or nobody has asked for it yet
            return;
        }
        wrapped = true;
        readable = true;
    }

    @Override
    public void onDataAvailable() throws IOException {
        boolean lingering = fence.inside(
                () -> {
                    readable = true;
                    return afterLingering != null;
                },
                false);
        if (lingering) {
            throw new BrokenOff();
        }
        if (fence.isInside()) {
            fence.outside(() -> readOn(false)); // Jetty had been asked whether there is more, and more came meanwhile
        } else {
            readOn(true);
        }
    }

    @Override
    public void onAllDataRead() {
        fence.inside(this::endOfBody, false);
        fence.outside(this::tell);
    }

    @Override
    public void onError(Throwable cause) {
        fence.inside(() -> cut(cause), false);
        fence.outside(this::tell);
    }

    /** Reads what is there, as long as it is wanted. */
    private void readOn(boolean calledBack) {
        fence.inside(() -> readWhatIsThere(calledBack), false);
        tell();
    }

    private boolean readWhatIsThere(boolean calledBack) {
        if (in == null || !readable || !isWanted()) {
            return false;
        }
        byte[] slice = new byte[SLICE];
        try {
            while (isWanted()) {
                if (wrapped) {
                    take(slice, in.read(slice));
                    continue;
                }
                if (!calledBack && in.isFinished()) {
                    // On a thread of ours Tomcat would wait, in isReady, for the lock under which it calls back.
                    return endOfBody();
                }
                readable = false; // first: Jetty may call back before it has answered no
                if (!in.isReady()) {
                    return true;
                }
                readable = true;
                take(slice, in.read(slice));
            }
        } catch (IOException e) {
            cut(e);
        }
        return true;
    }

    private boolean isWanted() {
        return !ended && intake != null && intake.wantsMore();
    }

    private void take(byte[] slice, int count) {
        if (count < 0) {
            endOfBody();
        } else if (intake != null) {
            intake.take(ByteBuffer.wrap(slice, 0, count));
        }
    }

    private boolean endOfBody() {
        ended = true;
        if (intake != null) {
            intake.end();
        }
        return true;
    }

    private boolean cut(Throwable cause) {
        ended = true;
        if (intake != null) {
            intake.cut(cause);
        }
        return true;
    }

    /** The exchange is over: whoever waits for the body is told. */
    void fail(Throwable cause) {
        cut(cause);
        tell();
    }

    private void checkPace() {
        fence.inside(
                () -> {
                    if (intake != null && !intake.isOver() && !intake.overdue()) {
                        alarmAfter(intake.timeLeft(), this::checkPace);
                    }
                    return true;
                },
                false);
        tell();
    }

    /** Hands on, outside the fence, what has come of the reading. */
    private void tell() {
        Runnable next = fence.inside(this::whatComesNext, BodyReader::nothing);
        Intake reading = intake;
        if (reading != null) {
            reading.deliver();
        }
        next.run();
    }

    private Runnable whatComesNext() {
        if (afterLingering == null && (ended || (intake != null && intake.isOver()))) {
            stopAlarm();
        }
        if (afterLingering == null || !ended) {
            return BodyReader::nothing;
        }
        Runnable next = afterLingering;
        afterLingering = null;
        stopAlarm();
        return next;
    }

    /**
     * Gives a caller that has been answered and is still sending the time to read its answer. Tomcat, told that the exchange
     * is complete, would read the rest on one of its threads, however slowly it comes; so the next byte breaks the
     * connection off, and the exchange is completed only if none comes.
     *
     * @param then completes the exchange; run once, outside the fence, unless the exchange is gone before
     */
    void lingerThen(Runnable then) {
        boolean lingers = fence.inside(
                () -> {
                    if (ended || readable || in == null || intake == null) {
                        return false;
                    }
                    afterLingering = then;
                    alarmAfter(clock.terms().discardTime(), this::stopLingering);
                    return true;
                },
                false);
        if (!lingers) {
            then.run();
        }
    }

    private void stopLingering() {
        fence.inside(() -> ended = true, false);
        tell();
    }

    private void alarmAfter(Duration delay, Runnable action) {
        stopAlarm();
        alarm = clock.after(delay, action);
    }

    private void stopAlarm() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private void goOn(BodyFlow flow) {
        readOn(false);
        flow.deliver(); // also where the exchange was over before the body was asked for
    }

    private void watchDiscarding(BodyFlow flow) {
        fence.inside(
                () -> {
                    if (!flow.isOver()) {
                        alarmAfter(flow.timeLeft(), this::checkPace);
                    }
                    return true;
                },
                false);
    }

    private static void nothing() {
        // there is nothing to do next
    }
}
