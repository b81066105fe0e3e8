package dev.tollgate.ledger;

import dev.tollgate.ledger.RowFields.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file's rows in order. What is no row is passed over up to the next line that is one, and told.
 */
final class RowReader {
    private static final String NO_ROW = "no whole row";

    private final Path file;
    private final InputStream in;
    private final Consumer<Damage> damages;
    private final boolean startedToo;
    private byte[] bytes = new byte[2 * Frames.LONGEST];
    private int start;
    private int end;
    private long offset;
    private long rowAt;
    private long soundUpTo;
    private long badFrom = -1;
    private String wrong = NO_ROW;

    /**
     * @param damages is told of all that is no row, in the order of the file
     * @param startedToo whether rows of started attempts are wanted, of which most readers make nothing
     */
    RowReader(Path file, InputStream in, Consumer<Damage> damages, boolean startedToo) {
        this.startedToo = startedToo;
        this.file = file;
        this.in = in;
        this.damages = damages;
    }

    /** Reads on to the next row that is wanted; empty at the end of the file. */
    Optional<RowFields> next() throws IOException {
        while (has(1)) {
            int length = has(Frames.PREFIX) ? Frames.lengthAt(bytes, start) : -1;
            boolean sound = length > 0 && has(Frames.PREFIX + length + 1) && Frames.isSound(bytes, start, length);
            boolean unwanted = sound && !startedToo && RowText.isStarted(bytes, start + Frames.PREFIX);
            RowFields row = sound && !unwanted ? read(length) : null;
            if (row == null && !unwanted) {
                passOverLine();
                continue;
            }
            passRow(length);
            if (row != null) {
                return Optional.of(row);
            }
        }
        tellDamage(true);
        return Optional.empty();
    }

    private void passRow(int length) {
        tellDamage(false);
        rowAt = offset;
        int line = Frames.PREFIX + length + 1;
        boolean ended = bytes[start + line - 1] == '\n';
        advance(line);
        if (!ended) {
            damages.accept(new Damage(file, offset - 1, 1, false, "no line end after a row"));
        }
        soundUpTo = offset;
    }

    /** Where the last row read ends, in bytes. */
    long soundUpTo() {
        return soundUpTo;
    }

    /** Notes that the row just read is of no use. */
    void reject(String why) {
        damages.accept(new Damage(file, rowAt, soundUpTo - rowAt, false, why));
    }

    private @Nullable RowFields read(int length) {
        try {
            return RowFields.of(bytes, start + Frames.PREFIX, length);
        } catch (Unreadable e) {
            wrong = "a row that is no JSON: " + e.getMessage();
            return null;
        }
    }

    private void passOverLine() throws IOException {
        if (badFrom < 0) {
            badFrom = offset;
        }
        while (has(1)) {
            for (int i = start; i < end; i++) {
                if (bytes[i] == '\n') {
                    advance(i + 1 - start);
                    return;
                }
            }
            advance(end - start);
        }
    }

    private void tellDamage(boolean atEnd) {
        if (badFrom >= 0) {
            damages.accept(new Damage(file, badFrom, offset - badFrom, atEnd, wrong));
        }
        badFrom = -1;
        wrong = NO_ROW;
    }

    private void advance(int by) {
        start += by;
        offset += by;
    }

    /** Whether there are so many bytes more, which are then in the buffer. */
    private boolean has(int count) throws IOException {
        if (end - start >= count) {
            return true;
        }
        System.arraycopy(bytes, start, bytes, 0, end - start);
        end -= start;
        start = 0;
        while (end < count) {
            int read = in.read(bytes, end, bytes.length - end);
            if (read < 0) {
                return false;
            }
            end += read;
        }
        return true;
    }
}
