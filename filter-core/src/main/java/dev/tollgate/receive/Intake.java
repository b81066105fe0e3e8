package dev.tollgate.receive;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Where an edge puts what it reads of a request body. Used by one thread at a time, but for {@link #deliver}, which may run
 * beside the others and calls the gateway, so that an edge can call it without holding the lock under which it reads.
 */
public interface Intake {

    /** Whether nothing more will ever be wanted. */
    boolean isOver();

    /** Whether more is wanted now. */
    boolean wantsMore();

    /** Takes the next bytes; returns whether more are wanted. */
    boolean take(ByteBuffer bytes);

    /** The body has ended properly. */
    void end();

    /** The body cannot be read to its end. */
    void cut(Throwable cause);

    /** Gives the body up when it has been coming too slowly for too long; returns whether it has. */
    boolean overdue();

    /** How long the body may still take if nothing more comes; zero when it is overdue. */
    Duration timeLeft();

    /** Hands on what has come of the reading since the last time. */
    void deliver();
}
