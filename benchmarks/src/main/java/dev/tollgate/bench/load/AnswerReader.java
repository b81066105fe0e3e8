package dev.tollgate.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Finds the end of one HTTP/1.1 answer in the bytes of a connection; knows Content-Length and chunks, and nothing else. */
final class AnswerReader {
    private static final int MAX_HEAD = 16 * 1024;

    private enum At {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        DONE
    }

    private final byte[] head = new byte[MAX_HEAD];
    private int headLength;
    private At at = At.HEAD;
    private long left;
    private int lineLength;
    private int status;
    private boolean bodySeen;
    private boolean closes;

    /** Makes it ready for the next answer. */
    void reset() {
        headLength = 0;
        at = At.HEAD;
        left = 0;
        lineLength = 0;
        status = 0;
        bodySeen = false;
        closes = false;
    }

    /**
     * Takes bytes as they came.
     *
     * @return whether the answer is complete
     * @throws IllegalArgumentException when the bytes are not an answer, or go on after its end
     */
    boolean read(byte[] bytes, int from, int to) {
        int next = from;
        while (next < to && at != At.DONE) {
            next = step(bytes, next, to);
        }
        if (next < to) {
            throw new IllegalArgumentException("bytes after the end of the answer");
        }
        return at == At.DONE;
    }

    private int step(byte[] bytes, int from, int to) {
        return switch (at) {
            case HEAD -> readHead(bytes, from, to);
            case BODY, CHUNK -> readBody(from, to);
            case CHUNK_SIZE -> readSize(bytes[from], from);
            case CHUNK_END -> readChunkEnd(bytes[from], from);
            case TRAILER -> readTrailer(bytes[from], from);
            case DONE -> throw new AssertionError(at);
        };
    }

    private int readHead(byte[] bytes, int from, int to) {
        int next = from;
        while (next < to) {
            if (headLength == MAX_HEAD) {
                throw new IllegalArgumentException("the answer's head is too long");
            }
            byte b = bytes[next++];
            head[headLength++] = b;
            if (b == '\n' && headLength >= 4 && head[headLength - 3] == '\n' && head[headLength - 2] == '\r') {
                endOfHead();
                return next;
            }
        }
        return next;
    }

    private void endOfHead() {
        String text = new String(head, 0, headLength, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        status = Integer.parseInt(text.substring(9, 12));
        closes = text.contains("\r\nconnection: close\r\n");
        int length = text.indexOf("\r\ncontent-length:");
        if (length >= 0) {
            left = Long.parseLong(
                    text.substring(length + 17, text.indexOf('\r', length + 2)).trim());
            at = left == 0 ? At.DONE : At.BODY;
        } else if (text.contains("\r\ntransfer-encoding: chunked\r\n")) {
            at = At.CHUNK_SIZE;
        } else {
            throw new IllegalArgumentException("the answer does not say where it ends");
        }
    }

    private int readBody(int from, int to) {
        bodySeen = true;
        int taken = (int) Math.min(left, to - from);
        left -= taken;
        if (left == 0) {
            at = at == At.BODY ? At.DONE : At.CHUNK_END;
        }
        return from + taken;
    }

    private int readSize(byte b, int from) {
        if (b == '\n') {
            lineLength = 0;
            at = left == 0 ? At.TRAILER : At.CHUNK;
        } else if (b != '\r') {
            left = left * 16 + hexDigit(b);
        }
        return from + 1;
    }

    private static int hexDigit(byte b) {
        int digit = Character.digit(b, 16);
        if (digit < 0) {
            throw new IllegalArgumentException("not a chunk size");
        }
        return digit;
    }

    private int readChunkEnd(byte b, int from) {
        if (b == '\n') {
            at = At.CHUNK_SIZE;
        }
        return from + 1;
    }

    private int readTrailer(byte b, int from) {
        if (b == '\n') {
            at = lineLength == 0 ? At.DONE : At.TRAILER;
            lineLength = 0;
        } else if (b != '\r') {
            lineLength++;
        }
        return from + 1;
    }

    /** The status; 0 while the head is not complete. */
    int status() {
        return status;
    }

    /** Whether a byte of the body has come. */
    boolean bodySeen() {
        return bodySeen;
    }

    /** Whether the server closes the connection after this answer. */
    boolean closes() {
        return closes;
    }
}
