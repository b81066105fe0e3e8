package dev.tollgate.forward;

import java.io.ByteArrayOutputStream;

/** The body of an answer that is read whole, but never more of it than a cap. */
final class CappedBody {
    /** The most of an error body that is read, in bytes. */
    private static final int ERROR_CAP = 64 * 1024;

    /** The largest whole answer, in bytes. */
    private static final int ANSWER_CAP = 32 * 1024 * 1024;

    private final int cap;
    private ByteArrayOutputStream read = new ByteArrayOutputStream(0);

    private CappedBody(int cap) {
        this.cap = cap;
    }

    static CappedBody ofAnswer() {
        return new CappedBody(ANSWER_CAP);
    }

    static CappedBody ofError() {
        return new CappedBody(ERROR_CAP);
    }

    /** Takes as much of the next bytes as the cap allows. */
    void take(byte[] bytes) {
        read.write(bytes, 0, Math.min(bytes.length, cap - read.size()));
    }

    /** Whether the cap is reached, so that no more is taken. */
    boolean isFull() {
        return read.size() == cap;
    }

    byte[] bytes() {
        return read.toByteArray();
    }

    /** Lets go of what was read. */
    void drop() {
        read = new ByteArrayOutputStream(0);
    }

    /** What is wrong with an answer that does not end before the cap. */
    String tooLarge() {
        return "its answer is larger than " + (cap >> 20) + " MiB";
    }
}
