package dev.tollgate.bench.upstream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The writes that answer one request.
 *
 * @param writes the writes in order; the first follows the request at once
 * @param gapNanos how long after a write the next one follows
 */
record Script(List<ByteBuffer> writes, long gapNanos) {
    private static final long SHORT_GAP = 1_000_000;
    private static final long HELD_GAP = 500_000_000;
    private static final int HELD_EVENTS = 1200;

    static Script whole(ByteBuffer answer) {
        return new Script(List.of(answer), 0);
    }

    /** A stream with an event each millisecond. */
    static Script shortStream(List<ByteBuffer> writes) {
        return new Script(writes, SHORT_GAP);
    }

    /** The same with a word each half second, for ten minutes. */
    static Script heldStream(List<ByteBuffer> writes) {
        List<ByteBuffer> all = new ArrayList<>(writes.subList(0, 3));
        all.addAll(Collections.nCopies(HELD_EVENTS, writes.get(3)));
        all.addAll(writes.subList(4, writes.size()));
        return new Script(List.copyOf(all), HELD_GAP);
    }
}
