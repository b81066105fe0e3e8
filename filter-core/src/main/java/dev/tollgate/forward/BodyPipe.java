package dev.tollgate.forward;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A request body that is sent as it comes: filled by the call's lane, emptied by the provider's connection, and holding about
 * a window of bytes between the two.
 */
/*
 * Invariants, under this object's own lock: nobody is called while it is held but the connection's channel, and only by its
 * own thread. Who fills is told of room once for each time that there was none; who empties is woken for each time that
 * something came.
 */
public final class BodyPipe implements UpstreamBody {
    private static final int WINDOW = HttpUpstreams.WINDOW;

    /** Where bytes go: takes as many as it can and says how many that were. */
    @FunctionalInterface
    interface Outlet {
        int write(ByteBuffer bytes) throws IOException;
    }

    private final long length;
    private final Runnable onRoom;
    private final Runnable onSent;
    private final ArrayDeque<ByteBuffer> pieces = new ArrayDeque<>();
    private int held;
    private long written;
    private boolean full;
    private boolean finished;
    private boolean sent;
    private @Nullable Runnable wake;

    /**
     * @param length how many bytes there will be, or -1
     * @param onRoom called by any thread when there is room again after {@link #put} has said that there is none
     * @param onSent called by any thread when the last byte has gone out
     */
    BodyPipe(long length, Runnable onRoom, Runnable onSent) {
        this.length = length;
        this.onRoom = onRoom;
        this.onSent = onSent;
    }

    @Override
    public long length() {
        return length;
    }

    /** Adds bytes, which are the pipe's from then on; returns whether there is room for more. */
    boolean put(ByteBuffer bytes) {
        Runnable waiting;
        boolean room;
        synchronized (this) {
            pieces.add(bytes);
            held += bytes.remaining();
            full = held >= WINDOW;
            room = !full;
            waiting = wake;
        }
        run(waiting);
        return room;
    }

    /** No more bytes come: the body is whole. */
    void finish() {
        Runnable waiting;
        synchronized (this) {
            finished = true;
            waiting = wake;
        }
        run(waiting);
    }

    /** Bytes that have not gone out. */
    synchronized int held() {
        return held;
    }

    /** Whether the last byte has gone out. */
    synchronized boolean isSent() {
        return sent;
    }

    // --- the connection's side

    /** How to wake the connection when there is something to send. */
    synchronized void onReady(Runnable waker) {
        wake = waker;
    }

    /** Whether there is something to send, the end included. */
    synchronized boolean isReady() {
        return !sent && (held > 0 || finished);
    }

    /** Sends what there is, as much as goes; returns whether that was the last of it, once. */
    boolean drainTo(Outlet outlet) throws IOException {
        boolean roomAgain;
        boolean last;
        synchronized (this) {
            drain(outlet);
            roomAgain = full && held < WINDOW;
            full = full && !roomAgain;
            last = held == 0 && !sent && (finished || written == length);
            sent = sent || last;
        }
        if (roomAgain) {
            onRoom.run();
        }
        if (last) {
            onSent.run();
        }
        return last;
    }

    private void drain(Outlet outlet) throws IOException {
        for (ByteBuffer next = pieces.peek(); next != null; next = pieces.peek()) {
            int before = next.remaining();
            outlet.write(next);
            held -= before - next.remaining();
            written += before - next.remaining();
            if (next.hasRemaining()) {
                return;
            }
            pieces.remove();
        }
    }

    private static void run(@Nullable Runnable task) {
        if (task != null) {
            task.run();
        }
    }
}
