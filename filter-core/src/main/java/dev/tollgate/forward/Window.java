package dev.tollgate.forward;

import dev.tollgate.stream.Outbox;

/**
 * What providers have sent of an answer, and what the one that sends may still send: at most {@link HttpUpstreams#WINDOW} more
 * than what the caller has taken. So a slow caller slows the provider, and memory is bounded.
 */
final class Window {
    private Flight flight;
    private long received;
    private long credited;

    Window(Flight flight) {
        this.flight = flight;
    }

    /** Another provider sends from now on, which starts with a window of its own. */
    void goOn(Flight another) {
        flight = another;
        credited = received;
    }

    void take(int bytes) {
        received += bytes;
    }

    /** Bytes so far; what is put into the outbox for them is marked with it. */
    long received() {
        return received;
    }

    /** Whether the provider is held back. */
    boolean isUsedUp() {
        return received - credited >= HttpUpstreams.WINDOW;
    }

    /** Lets the provider send anew what it sent and the caller has taken, or what the caller got nothing for. */
    void giveCredit(Outbox outbox) {
        giveCredit(outbox.isIdle() ? received : outbox.writtenMark());
    }

    /** Lets the provider send anew all it has sent. */
    void giveAll() {
        giveCredit(received);
    }

    private void giveCredit(long upTo) {
        if (upTo > credited) {
            int lot = (int) (upTo - credited);
            credited = upTo;
            flight.request(lot);
        }
    }
}
