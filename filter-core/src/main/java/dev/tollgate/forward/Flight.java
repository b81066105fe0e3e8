package dev.tollgate.forward;

/** A request under way. Both methods may be called from any thread, at any time, any number of times. */
public interface Flight {

    /**
     * Lets the upstream send more of the body. A flight starts with a window of 32 KiB; data beyond it stays in the
     * provider's connection until the window is opened again by what has been passed on.
     */
    void request(int bytes);

    /**
     * Ends the flight at once: its connection is closed, not drained, and goes back to no pool. Its listener hears nothing
     * more.
     */
    void abort();
}
