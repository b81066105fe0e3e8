package dev.tollgate.dialect;

import dev.tollgate.chat.StreamEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the pieces of parts that arrive interleaved one part after the other.
 *
 * <p>One part is open at a time. Text ends when another part begins. A tool call ends when it is told to, or when its
 * arguments are whole and another part has begun; until then the pieces of other parts wait. What waits is bounded.
 */
/*
 * Invariant: something waits only while the open part is a tool call whose arguments are not whole.
 */
public final class PartSequence {
    /** What may wait, in characters. No provider is known to interleave; this is for the one that will. */
    private static final int MOST_WAITING = 256 * 1024;

    /** What is done with the parts in their sequence. */
    public interface Parts {
        /** A part begins with this piece. */
        void open(StreamEvent.OfPart piece);

        /** A piece of the open part, its first included. */
        void write(StreamEvent.OfPart piece);

        /** The open part ends. */
        void close();

        /** A piece came after its part had ended. */
        void late(StreamEvent.OfPart piece);
    }

    private final Parts parts;
    private final Map<Integer, Deque<StreamEvent.OfPart>> waiting = new LinkedHashMap<>();
    private final Set<Integer> endedCalls = new HashSet<>();
    private int open = -1;
    private @Nullable JsonBalance call;
    private int waitingCharacters;

    public PartSequence(Parts parts) {
        this.parts = parts;
    }

    /**
     * Takes the next piece of a part.
     *
     * @return false when more would have to wait than may
     */
    public boolean accept(StreamEvent.OfPart piece) {
        int part = piece.part();
        if (part != open && open >= 0 && call != null && !call.isComplete()) {
            waitingCharacters += length(piece);
            waiting.computeIfAbsent(part, key -> new ArrayDeque<>()).add(piece);
            return waitingCharacters <= MOST_WAITING;
        }
        write(piece);
        if (call != null && call.isComplete() && !waiting.isEmpty()) {
            close();
            drain();
        }
        return true;
    }

    private static int length(StreamEvent.OfPart piece) {
        if (piece instanceof StreamEvent.ToolCallDelta delta) {
            return delta.arguments().length();
        }
        return piece instanceof StreamEvent.TextDelta delta ? delta.text().length() : 64;
    }

    private void write(StreamEvent.OfPart piece) {
        int part = piece.part();
        if (endedCalls.contains(part)) {
            parts.late(piece);
            return;
        }
        if (part != open) {
            close();
            open = part;
            call = piece instanceof StreamEvent.ToolCallStart ? new JsonBalance() : null;
            parts.open(piece);
        }
        if (call != null && piece instanceof StreamEvent.ToolCallDelta delta) {
            call.add(delta.arguments());
        }
        parts.write(piece);
    }

    /** Ends a part; those that waited for it come next. */
    public void end(int part) {
        Deque<StreamEvent.OfPart> queue = waiting.get(part);
        if (queue != null) {
            queue.add(new StreamEvent.PartEnd(0, part));
        } else if (part == open) {
            close();
            drain();
        }
    }

    /** Ends all parts. */
    public void endAll() {
        do {
            close();
            drain();
        } while (open >= 0);
    }

    private void drain() {
        Iterator<Map.Entry<Integer, Deque<StreamEvent.OfPart>>> next =
                waiting.entrySet().iterator();
        while (next.hasNext() && (open < 0 || call == null || call.isComplete())) {
            Map.Entry<Integer, Deque<StreamEvent.OfPart>> part = next.next();
            next.remove();
            for (StreamEvent.OfPart piece : part.getValue()) {
                waitingCharacters -= length(piece);
                if (piece instanceof StreamEvent.PartEnd) {
                    close();
                } else {
                    write(piece);
                }
            }
        }
    }

    private void close() {
        if (open >= 0) {
            if (call != null) {
                endedCalls.add(open);
            }
            parts.close();
            open = -1;
            call = null;
        }
    }
}
