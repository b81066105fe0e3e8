package dev.tollgate.servlet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The line between the time an exchange's request and response belong to it and the time they are another caller's.
 *
 * <p>Every use of the container's objects happens inside {@link #inside}, under one lock; whoever closes the fence takes
 * that lock too. So once the container's "complete", "error" or "timeout" callback has closed it and returned, no thread is
 * inside and none gets in. Nothing that belongs to the gateway is called under the lock: a container that calls back out of a
 * call made to it does so inside, and what follows from that waits until its thread has left.
 */
final class Fence {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Consumer<Throwable>> listeners = new ArrayList<>();
    /** What the thread that is inside will do when it has left. */
    private final List<Runnable> afterwards = new ArrayList<>();

    private boolean closed;
    private @Nullable Throwable goneBecause;

    /** Work that touches the container's objects. */
    interface Work<T> {
        T run() throws IOException;
    }

    /**
     * Does the work if the fence is open.
     *
     * @param otherwise the result when it is closed, or when the work fails, which closes it
     */
    <T> T inside(Work<T> work, T otherwise) {
        Throwable failure;
        lock.lock();
        try {
            if (closed) {
                return otherwise;
            }
            return work.run();
        } catch (IOException | RuntimeException e) {
            failure = e;
        } finally {
            leave();
        }
        gone(failure);
        return otherwise;
    }

    /** Does the work without the lock: now, or, where this thread is inside, when it has left. */
    void outside(Runnable work) {
        if (lock.isHeldByCurrentThread()) {
            afterwards.add(work);
        } else {
            work.run();
        }
    }

    /** Whether this thread is inside, so that the container is calling back out of a call of ours. */
    boolean isInside() {
        return lock.isHeldByCurrentThread();
    }

    private void leave() {
        List<Runnable> due = List.of();
        if (lock.getHoldCount() == 1 && !afterwards.isEmpty()) {
            due = List.copyOf(afterwards);
            afterwards.clear();
        }
        lock.unlock();
        due.forEach(Runnable::run);
    }

    /** Closes the fence because the exchange is properly over, running the last thing to do inside it. */
    boolean closeAfter(Runnable last) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            closed = true;
            last.run();
            return true;
        } finally {
            leave();
        }
    }

    /** Closes the fence because the client or the container has ended the exchange, and tells the listeners. */
    void gone(Throwable cause) {
        List<Consumer<Throwable>> toTell;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            goneBecause = cause;
            toTell = List.copyOf(listeners);
        } finally {
            leave();
        }
        outside(() -> toTell.forEach(listener -> listener.accept(cause)));
    }

    /** Calls the listener once when the exchange is gone, at once if it is. */
    void onGone(Consumer<Throwable> listener) {
        Throwable already;
        lock.lock();
        try {
            listeners.add(listener);
            already = goneBecause;
        } finally {
            lock.unlock();
        }
        if (already != null) {
            listener.accept(already);
        }
    }

    /** What became of the exchange, for stages that fail on a closed fence. */
    IOException closedBecause() {
        lock.lock();
        try {
            return new IOException("the exchange is over", goneBecause);
        } finally {
            lock.unlock();
        }
    }
}
