package dev.tollgate.forward;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.util.concurrent.locks.Lock;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;

/**
 * A connection from which nothing is read while reading is suspended. HttpCore only stops listening for more when a window is
 * used up, and goes on with all that the socket holds by then; a peer that never lets the socket run dry would be read on and
 * on, into memory.
 */
final class PacedSession implements IOSession {
    private final IOSession session;
    private volatile boolean reading = true;

    PacedSession(IOSession session) {
        this.session = session;
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
        return reading ? session.read(bytes) : 0;
    }

    @Override
    public void setEvent(int op) {
        if ((op & SelectionKey.OP_READ) != 0) {
            reading = true;
        }
        session.setEvent(op);
    }

    @Override
    public void clearEvent(int op) {
        if ((op & SelectionKey.OP_READ) != 0) {
            reading = false;
        }
        session.clearEvent(op);
    }

    @Override
    public void setEventMask(int ops) {
        reading = (ops & SelectionKey.OP_READ) != 0;
        session.setEventMask(ops);
    }

    // --- the rest is the session's own

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return session.write(bytes);
    }

    @Override
    public boolean isOpen() {
        return session.isOpen();
    }

    @Override
    public IOEventHandler getHandler() {
        return session.getHandler();
    }

    @Override
    public void upgrade(IOEventHandler handler) {
        session.upgrade(handler);
    }

    @Override
    public Lock getLock() {
        return session.getLock();
    }

    @Override
    public void enqueue(Command command, Command.Priority priority) {
        session.enqueue(command, priority);
    }

    @Override
    public boolean hasCommands() {
        return session.hasCommands();
    }

    @Override
    public Command poll() {
        return session.poll();
    }

    @Override
    public ByteChannel channel() {
        return session.channel();
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return session.getRemoteAddress();
    }

    @Override
    public SocketAddress getLocalAddress() {
        return session.getLocalAddress();
    }

    @Override
    public int getEventMask() {
        return session.getEventMask();
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public void close(CloseMode mode) {
        session.close(mode);
    }

    @Override
    public Status getStatus() {
        return session.getStatus();
    }

    @Override
    public Timeout getSocketTimeout() {
        return session.getSocketTimeout();
    }

    @Override
    public void setSocketTimeout(Timeout timeout) {
        session.setSocketTimeout(timeout);
    }

    @Override
    public long getLastReadTime() {
        return session.getLastReadTime();
    }

    @Override
    public long getLastWriteTime() {
        return session.getLastWriteTime();
    }

    @Override
    public long getLastEventTime() {
        return session.getLastEventTime();
    }

    @Override
    public void updateReadTime() {
        session.updateReadTime();
    }

    @Override
    public void updateWriteTime() {
        session.updateWriteTime();
    }

    @Override
    public String getId() {
        return session.getId();
    }

    @Override
    public String toString() {
        return session.toString();
    }
}
