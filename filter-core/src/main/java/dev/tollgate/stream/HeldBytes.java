package dev.tollgate.stream;

import java.nio.ByteBuffer;

/** The bytes of a stream that belong to no frame yet. What is taken out stays as it is: its bytes are never written again. */
final class HeldBytes {
    private static final byte[] NOTHING = {};

    private byte[] buffer = NOTHING;
    private int start;
    private int end;

    int size() {
        return end - start;
    }

    byte get(int at) {
        return buffer[start + at];
    }

    void append(ByteBuffer bytes) {
        int held = size();
        int added = bytes.remaining();
        if (buffer.length - end < added) {
            // Doubling bounds the copying of a frame that comes in many pieces; a whole one is copied once.
            byte[] larger = new byte[held == 0 ? added : Math.max(2 * held, held + added)];
            System.arraycopy(buffer, start, larger, 0, held);
            buffer = larger;
            start = 0;
            end = held;
        }
        bytes.get(buffer, end, added);
        end += added;
    }

    /** Some of the bytes, from the first on. */
    ByteBuffer peek(int length) {
        return ByteBuffer.wrap(buffer, start, length).slice();
    }

    /** Takes the first bytes out. */
    ByteBuffer take(int length) {
        ByteBuffer taken = peek(length);
        start += length;
        if (start == end) {
            // Between frames nothing is held, so that a quiet stream costs no buffer.
            buffer = NOTHING;
            start = 0;
            end = 0;
        }
        return taken;
    }
}
