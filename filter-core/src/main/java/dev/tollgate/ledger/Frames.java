package dev.tollgate.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Rows as they stand in a file, a line each: the length of the JSON in eight hex digits, its CRC32C in eight, the JSON, and a
 * line end. So {@code cut -c19-} turns a file into JSON lines.
 */
final class Frames {
    /** Where the JSON begins in a line. */
    static final int PREFIX = 18;

    /** The longest JSON; a length beyond is damage. */
    static final int LONGEST = 64 * 1024;

    private static final int CHECKSUM_AT = 9;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final RowText rows = new RowText();
    private byte[] bytes = new byte[16 * 1024];
    private int length;

    void add(Entry entry) {
        add(rows.of(entry));
    }

    void add(FileHead head) {
        add(rows.of(head));
    }

    private void add(byte[] json) {
        int needed = length + PREFIX + json.length + 1;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
        }
        hex(json.length, length);
        bytes[length + CHECKSUM_AT - 1] = ' ';
        hex(checksum(json, 0, json.length), length + CHECKSUM_AT);
        bytes[length + PREFIX - 1] = ' ';
        System.arraycopy(json, 0, bytes, length + PREFIX, json.length);
        bytes[needed - 1] = '\n';
        length = needed;
    }

    private void hex(int value, int at) {
        for (int i = 0; i < 8; i++) {
            bytes[at + i] = HEX[value >>> (28 - 4 * i) & 15];
        }
    }

    int length() {
        return length;
    }

    /** All rows added so far. */
    ByteBuffer content() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    void clear() {
        length = 0;
    }

    /** The length of the JSON in the line that begins there; -1 when none does. */
    static int lengthAt(byte[] bytes, int at) {
        long value = unhex(bytes, at);
        boolean spaced = bytes[at + CHECKSUM_AT - 1] == ' ' && bytes[at + PREFIX - 1] == ' ';
        return spaced && value > 0 && value <= LONGEST ? (int) value : -1;
    }

    /** Whether the JSON of the line that begins there is what was written. */
    static boolean isSound(byte[] bytes, int at, int length) {
        long written = unhex(bytes, at + CHECKSUM_AT);
        return written >= 0 && (int) written == checksum(bytes, at + PREFIX, length);
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    private static long unhex(byte[] bytes, int at) {
        long value = 0;
        for (int i = at; i < at + 8; i++) {
            byte digit = bytes[i];
            boolean letter = digit >= 'a' && digit <= 'f';
            if (!letter && (digit < '0' || digit > '9')) {
                return -1;
            }
            value = value << 4 | (letter ? digit - 'a' + 10 : digit - '0');
        }
        return value;
    }
}
