package dev.tollgate.load;

/** Why a call is refused because of how much there is to do. */
public enum Reason {
    /** There are as many calls under way as there may be. */
    CALLS("as many calls are under way as may be"),
    /** The requests that are held take as much memory as they may. */
    BODIES("the requests under way take as much memory as they may"),
    /** The heap is nearly full of what is still needed. */
    HEAP("its memory is nearly full"),
    /** The process has nearly as many files and sockets open as it may. */
    DESCRIPTORS("it has nearly as many connections open as it may"),
    /** No target of the call has had a place for it. */
    TARGETS("every target of the call has as many calls as it can bear");

    private final String text;

    Reason(String text) {
        this.text = text;
    }

    /** What there is too much of, in words. */
    String text() {
        return text;
    }
}
