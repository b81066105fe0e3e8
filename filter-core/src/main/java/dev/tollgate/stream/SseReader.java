package dev.tollgate.stream;

import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of one event stream into its frames (WHATWG HTML, "Server-sent events"), whatever pieces the bytes arrive
 * in. Every byte of the stream comes back in the raw bytes of some frame, in order.
 */
/*
 * Invariants. The bytes of the frame under way are buffer[start, end); all before `scanned` have been looked at, and the line
 * under way begins at `line`. Raw bytes handed out are slices of a buffer, whose bytes are never written again. Places of
 * data are kept relative to `start`, since the frame moves when the buffer grows.
 */
public final class SseReader implements FrameReader {
    private static final byte[] NOTHING = {};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private byte[] buffer = NOTHING;
    private int start;
    private int end;
    private int scanned;
    private int line;
    private boolean lineFeedPending;
    private boolean firstLine = true;

    private @Nullable String event;
    private int dataFrom = -1;
    private int dataTo;
    private @Nullable StringBuilder severalLines;

    @Override
    public void feed(ByteBuffer bytes, FrameSink sink) throws BadAnswer {
        append(bytes);
        while (scanned < end) {
            byte b = buffer[scanned++];
            if (lineFeedPending) {
                lineFeedPending = false;
                if (b == '\n') {
                    line = scanned;
                    continue;
                }
            }
            if (b == '\n' || b == '\r') {
                lineEnds(b == '\r', sink);
            }
        }
        if (end - start > MAX_FRAME_BYTES) {
            throw new BadAnswer("an event of the stream is larger than " + (MAX_FRAME_BYTES >> 20) + " MiB");
        }
        if (start == end) {
            letBufferGo();
        }
    }

    @Override
    public void end(FrameSink sink) throws BadAnswer {
        if (start == end || line < end) {
            return;
        }
        if (line - start > 0 && (event != null || dataFrom >= 0)) {
            append(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        scanned = end;
        dispatch(sink);
    }

    @Override
    public boolean hasRemainder() {
        return start < end;
    }

    @Override
    public ByteBuffer remainder() {
        return ByteBuffer.wrap(buffer, start, end - start).slice();
    }

    private void append(ByteBuffer bytes) {
        int held = end - start;
        int added = bytes.remaining();
        if (buffer.length - end < added) {
            // Doubling bounds the copying of an event that comes in many pieces; a whole one is copied once.
            byte[] larger = new byte[held == 0 ? added : Math.max(2 * held, held + added)];
            System.arraycopy(buffer, start, larger, 0, held);
            buffer = larger;
            scanned -= start;
            line -= start;
            start = 0;
            end = held;
        }
        bytes.get(buffer, end, added);
        end += added;
    }

    /** Between events nothing is held, so that a quiet stream costs no buffer. */
    private void letBufferGo() {
        buffer = NOTHING;
        start = 0;
        end = 0;
        scanned = 0;
        line = 0;
    }

    private void lineEnds(boolean byCarriageReturn, FrameSink sink) throws BadAnswer {
        int lineEnd = scanned - 1;
        boolean blank = lineEnd == line;
        if (!blank) {
            field(line, lineEnd);
        }
        if (byCarriageReturn) {
            takeLineFeed();
        }
        line = scanned;
        firstLine = false;
        if (blank) {
            dispatch(sink);
        }
    }

    /** Takes the line feed that belongs to a carriage return, or waits for it where it may come with the next bytes. */
    private void takeLineFeed() {
        if (scanned == end) {
            lineFeedPending = true;
        } else if (buffer[scanned] == '\n') {
            scanned++;
        }
    }

    private void field(int lineFrom, int to) {
        int from = firstLine ? afterByteOrderMark(lineFrom, to) : lineFrom;
        int colon = from;
        while (colon < to && buffer[colon] != ':') {
            colon++;
        }
        int value = Math.min(to, colon + 1);
        if (value < to && buffer[value] == ' ') {
            value++;
        }
        if (isName("data", from, colon)) {
            data(value, to);
        } else if (isName("event", from, colon)) {
            event = value == to ? null : text(value, to);
        }
    }

    private void data(int from, int to) {
        if (dataFrom < 0) {
            dataFrom = from - start;
            dataTo = to - start;
            return;
        }
        if (severalLines == null) {
            severalLines = new StringBuilder(text(start + dataFrom, start + dataTo));
        }
        severalLines.append('\n').append(text(from, to));
    }

    private void dispatch(FrameSink sink) throws BadAnswer {
        boolean hasData = dataFrom >= 0;
        String data =
                severalLines != null ? severalLines.toString() : hasData ? text(start + dataFrom, start + dataTo) : "";
        Frame frame = hasData ? new Frame(event, data) : Frame.COMMENT;
        ByteBuffer raw = ByteBuffer.wrap(buffer, start, scanned - start).slice();
        start = scanned;
        line = scanned;
        event = null;
        dataFrom = -1;
        severalLines = null;
        sink.frame(frame, raw);
    }

    private boolean isName(String name, int from, int to) {
        if (to - from != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (buffer[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int afterByteOrderMark(int from, int to) {
        int after = from + BYTE_ORDER_MARK.length;
        boolean marked = after <= to && Arrays.equals(buffer, from, after, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
        return marked ? after : from;
    }

    private String text(int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.UTF_8);
    }
}
