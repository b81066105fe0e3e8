package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.StreamEvent;

/**
 * The text of the thought that is being streamed, kept until its proof comes: Claude takes a signature back only with the very
 * text it is for. Of a long one nothing is kept; then the caller's own copy must do.
 */
final class Thoughts {
    private static final int MOST = 16 * 1024;

    private final StringBuilder text = new StringBuilder();
    private int part = -1;
    private boolean tooLong;

    void add(StreamEvent.ReasoningDelta delta) {
        if (delta.part() != part) {
            part = delta.part();
            text.setLength(0);
            tooLong = false;
        }
        tooLong |= text.length() + delta.text().length() > MOST;
        if (tooLong) {
            text.setLength(0);
        } else {
            text.append(delta.text());
        }
    }

    /** Whether text of a part has been shown. */
    boolean isShown(int asked) {
        return part == asked;
    }

    /** The text of a part, as far as it is kept. */
    String take(int asked) {
        String taken = isShown(asked) ? text.toString() : "";
        text.setLength(0);
        return taken;
    }
}
