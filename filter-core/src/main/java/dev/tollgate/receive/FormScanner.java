package dev.tollgate.receive;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Looks for the field {@code model} in a form ({@code multipart/form-data}) that passes by, however it is split; everything
 * else is handed on as it comes.
 *
 * <p>It is strict where readers of forms differ, since a field that only the provider's reader finds would be a model that
 * nobody has allowed: no text outside the parts, every line of the structure ended by CR LF, one {@code Content-Disposition}
 * per part, at most one field {@code model}, and that plain text.
 */
/*
 * The boundary is looked for by what the last bytes were: `last` holds as many as the boundary with its two dashes has, and
 * two more, which say whether it stands at the start of a line.
 */
public final class FormScanner {
    private static final int MOST_HEADERS = 8 * 1024;
    private static final int MOST_VALUE = 512;
    private static final byte[] LINE_END = {'\r', '\n'};

    /** Hears of what passes, in order. */
    public interface Output {

        /** Bytes to be handed on as they are. */
        void bytes(ByteBuffer bytes);

        /** The value of the field, in the place of its bytes. */
        void model(String value);

        /** The form is about to end; what is handed on after this makes it whole. */
        void ending();
    }

    private enum Place {
        START,
        AFTER_BOUNDARY,
        HEADERS,
        CONTENT,
        VALUE,
        EPILOGUE
    }

    private final byte[] mark;
    private final byte[] last;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private Place place = Place.START;
    private int at;
    private int afterMark;
    private boolean found;

    /** @param boundary the boundary between the parts, without dashes in front */
    public FormScanner(String boundary) {
        this.mark = ("--" + boundary).getBytes(StandardCharsets.US_ASCII);
        this.last = new byte[mark.length + 2];
        beginLine();
    }

    /**
     * Takes the next bytes, which stay as they are.
     *
     * @throws Refusal when the form is malformed
     */
    public void feed(ByteBuffer bytes, Output output) {
        int from = bytes.position();
        for (int i = from; i < bytes.limit(); i++) {
            byte b = bytes.get(i);
            Place before = place;
            if (before == Place.AFTER_BOUNDARY && afterMark == 1 && b == '-') {
                pass(bytes, from, i, output);
                from = i;
                output.ending();
            }
            take(b, output);
            if (before == Place.VALUE) {
                from = i + 1;
            } else if (place == Place.VALUE) {
                pass(bytes, from, i + 1, output);
                from = i + 1;
            }
        }
        pass(bytes, from, bytes.limit(), output);
    }

    private static void pass(ByteBuffer bytes, int from, int to, Output output) {
        if (to > from) {
            output.bytes(bytes.slice(from, to - from));
        }
    }

    /**
     * No more bytes come.
     *
     * @throws Refusal when the form is not whole
     */
    public void end() {
        if (place != Place.EPILOGUE) {
            throw BodyFaults.cutShort();
        }
    }

    /** Whether the field has passed. */
    public boolean found() {
        return found;
    }

    private void take(byte b, Output output) {
        switch (place) {
            case START -> start(b);
            case AFTER_BOUNDARY -> afterBoundary(b);
            case HEADERS -> header(b);
            case CONTENT -> content(b);
            case VALUE -> value(b, output);
            case EPILOGUE -> epilogue(b);
        }
    }

    private void start(byte b) {
        if (b != mark[at++]) {
            throw malformed("it does not begin with its boundary");
        }
        if (at == mark.length) {
            place = Place.AFTER_BOUNDARY;
        }
    }

    /** Two dashes end the form, the end of the line begins a part. */
    private void afterBoundary(byte b) {
        if (afterMark == 0 && (b == '-' || b == '\r')) {
            afterMark = b == '-' ? 1 : 2;
            return;
        }
        if (b != (afterMark == 1 ? '-' : '\n') || afterMark == 0) {
            throw malformed("a boundary is followed by something else than the end of its line");
        }
        place = afterMark == 1 ? Place.EPILOGUE : Place.HEADERS;
        at = 0;
        held.reset();
    }

    private void header(byte b) {
        held.write(b);
        if (held.size() > MOST_HEADERS) {
            throw malformed("the headers of a part are too long");
        }
        at = b == (at % 2 == 0 ? '\r' : '\n') ? at + 1 : b == '\r' ? 1 : 0;
        if (at == 4) {
            FormPart part = FormPart.of(held.toByteArray());
            held.reset();
            begin(part.isModel() ? Place.VALUE : Place.CONTENT);
        }
    }

    private void begin(Place content) {
        if (content == Place.VALUE && found) {
            throw malformed("it has two fields 'model'");
        }
        place = content;
        beginLine();
    }

    private void beginLine() {
        Arrays.fill(last, (byte) 0);
        last[last.length - 2] = '\r';
        last[last.length - 1] = '\n';
        at = 0;
    }

    private void content(byte b) {
        if (isBoundary(b)) {
            place = Place.AFTER_BOUNDARY;
            afterMark = 0;
        }
    }

    private void value(byte b, Output output) {
        held.write(b);
        if (isBoundary(b)) {
            byte[] all = held.toByteArray();
            int size = Math.max(0, all.length - mark.length - LINE_END.length);
            found = true;
            if (size == 0) {
                throw Refusal.badField("model", "'model' must be the name of a model");
            }
            output.model(new String(all, 0, size, StandardCharsets.UTF_8));
            output.bytes(ByteBuffer.wrap(all, size, all.length - size).slice());
            held.reset();
            place = Place.AFTER_BOUNDARY;
            afterMark = 0;
        } else if (held.size() > MOST_VALUE + last.length) {
            throw malformed("the value of 'model' is too long");
        }
    }

    /** Whether this byte is the last of a boundary. */
    private boolean isBoundary(byte b) {
        last[at] = b;
        at = at + 1 == last.length ? 0 : at + 1;
        if (b != mark[mark.length - 1] || !endsInMark()) {
            return false;
        }
        byte before = last[at + 1 == last.length ? 0 : at + 1];
        if (last[at] == '\r' && before == '\n') {
            return true;
        }
        if (before == '\n' || before == '\r') {
            throw malformed("a line before a boundary does not end in CR LF");
        }
        return false;
    }

    private boolean endsInMark() {
        int from = at + 2;
        for (int i = 0; i < mark.length; i++) {
            if (last[(from + i) % last.length] != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private void epilogue(byte b) {
        if (at >= LINE_END.length || b != LINE_END[at++]) {
            throw malformed("something follows its last boundary");
        }
    }

    static Refusal malformed(String what) {
        return new Refusal(ErrorCode.CALLER_BAD_REQUEST, "the form is malformed: " + what);
    }
}
