package dev.tollgate.stream;

import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.dialect.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Cuts one array of JSON objects, which comes bit by bit, into its elements. Whether an element is proper JSON inside is left
 * to who reads it.
 */
/*
 * Invariants. All held bytes before `scanned` have been looked at; the element under way begins at `element`. What separates an
 * element from the one before it is part of its raw bytes; the end of the array is held, so that it can be left out where
 * another element must follow.
 */
final class JsonArrayReader implements FrameReader {
    private enum Place {
        BEFORE_ARRAY,
        BEFORE_FIRST,
        BEFORE_NEXT,
        ELEMENT,
        STRING,
        ESCAPE,
        AFTER_ELEMENT,
        AFTER_ARRAY
    }

    private final HeldBytes held = new HeldBytes();
    private Place place = Place.BEFORE_ARRAY;
    private int scanned;
    private int element;
    private int depth;

    @Override
    public void feed(ByteBuffer bytes, FrameSink sink) throws BadAnswer {
        held.append(bytes);
        while (scanned < held.size()) {
            look(held.get(scanned++));
            if (place == Place.ELEMENT && depth == 0) {
                place = Place.AFTER_ELEMENT;
                dispatch(sink);
            }
        }
        if (held.size() > MAX_FRAME_BYTES) {
            throw new BadAnswer("an element of the stream is larger than " + (MAX_FRAME_BYTES >> 20) + " MiB");
        }
    }

    private void dispatch(FrameSink sink) throws BadAnswer {
        ByteBuffer raw = held.take(scanned);
        String json = StandardCharsets.UTF_8
                .decode(raw.slice(element, scanned - element))
                .toString();
        scanned = 0;
        sink.frame(new Frame(null, JsonText.oneLine(json)), raw);
    }

    private void look(byte b) throws BadAnswer {
        switch (place) {
            case ELEMENT -> inElement(b);
            case STRING -> place = b == '"' ? Place.ELEMENT : b == '\\' ? Place.ESCAPE : Place.STRING;
            case ESCAPE -> place = Place.STRING;
            default -> {
                if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                    outside(b);
                }
            }
        }
    }

    private void inElement(byte b) {
        switch (b) {
            case '"' -> place = Place.STRING;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {}
        }
    }

    private void outside(byte b) throws BadAnswer {
        boolean element = place == Place.BEFORE_FIRST || place == Place.BEFORE_NEXT;
        if (element && b == '{') {
            begin();
        } else if (place == Place.BEFORE_ARRAY && b == '[') {
            place = Place.BEFORE_FIRST;
        } else if (place == Place.AFTER_ELEMENT && b == ',') {
            place = Place.BEFORE_NEXT;
        } else if (b == ']' && (place == Place.AFTER_ELEMENT || place == Place.BEFORE_FIRST)) {
            place = Place.AFTER_ARRAY;
        } else {
            throw new BadAnswer("the stream is not an array of JSON objects");
        }
    }

    private void begin() {
        place = Place.ELEMENT;
        element = scanned - 1;
        depth = 1;
    }

    @Override
    public void end(FrameSink sink) {
        // An element ends where its brackets close; what is held is no element.
    }

    @Override
    public boolean hasRemainder() {
        return held.size() > 0;
    }

    @Override
    public ByteBuffer remainder() {
        return held.peek(held.size());
    }
}
