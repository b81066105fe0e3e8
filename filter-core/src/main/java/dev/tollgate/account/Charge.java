package dev.tollgate.account;

import dev.tollgate.ErrorCode;
import dev.tollgate.limit.Amount;
import dev.tollgate.limit.Permit;
import dev.tollgate.route.Candidate;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt is charged: opened before it is sent and closed exactly once, whatever becomes of it; what comes after that
 * changes nothing. Used only in the call's lane.
 */
public final class Charge {
    private final Account account;
    private final Candidate target;
    private final int number;
    private final Amount reserved;
    private final Permit permit;
    private boolean sent;
    private boolean closed;
    private int status;
    private long nanos;

    Charge(Account account, Candidate target, int number, Amount reserved, Permit permit) {
        this.account = account;
        this.target = target;
        this.number = number;
        this.reserved = reserved;
        this.permit = permit;
    }

    Candidate target() {
        return target;
    }

    /** Which attempt it is, from 1. */
    int number() {
        return number;
    }

    /** What was reserved for it. */
    Amount reserved() {
        return reserved;
    }

    /** What the limits of its provider have reserved for it. */
    Permit permit() {
        return permit;
    }

    /** Notes that the provider may have the request from now on, and may charge for it. */
    public void sent() {
        sent = true;
    }

    /** Notes that nothing was sent after all. */
    public void unsent() {
        sent = false;
    }

    /** Whether the provider may have the request. */
    public boolean isSent() {
        return sent;
    }

    /**
     * Notes that the attempt answers the call; what it used is still to be seen.
     *
     * @param httpStatus the provider's status
     * @param tookNanos nanoseconds until it did
     */
    public void serves(int httpStatus, long tookNanos) {
        status = httpStatus;
        nanos = tookNanos;
        account.waited(tookNanos);
    }

    /**
     * Closes the charge of an attempt that answers.
     *
     * @param error what became of its answer, or null when that was whole
     */
    public void close(@Nullable ErrorCode error, Used used) {
        close(status, error, used);
    }

    /**
     * Closes the charge of an attempt that does not answer.
     *
     * @param httpStatus the provider's status, or 0 when it gave none
     * @param tookNanos nanoseconds it took
     */
    public void fell(int httpStatus, ErrorCode error, long tookNanos, Used used) {
        if (!closed) {
            nanos = tookNanos;
            account.waited(error == ErrorCode.GATEWAY_HEDGE_LOST ? 0 : tookNanos);
        }
        close(httpStatus, error, used);
    }

    /** Closes the charge of an attempt that nobody has closed: the gateway has failed. */
    void abandon(@Nullable ErrorCode error) {
        close(status, error == null ? ErrorCode.GATEWAY_INTERNAL : error, account.unreported(this));
    }

    private void close(int httpStatus, @Nullable ErrorCode error, Used used) {
        if (closed) {
            return;
        }
        closed = true;
        account.closed(this, httpStatus, error, nanos, used);
    }
}
