package dev.tollgate.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Finds one small top-level member in JSON that passes by, however it is split and however large the rest is. It never fails:
 * of what is not JSON it finds nothing. Of several documents, one to a line, it finds the last.
 */
public final class MemberSkim {
    private static final int MOST_VALUE = 8 * 1024;

    private final byte[] name;
    private final boolean lines;
    private int depth;
    private boolean string;
    private boolean escaped;
    /** How much of the name in quotes the string that is being read has shown, or -1 when it is another. */
    private int matched;

    private boolean named;
    private boolean capturing;
    private final ByteArrayOutputStream value = new ByteArrayOutputStream(0);
    private @Nullable JsonNode found;

    /** @param lines whether each line is a document of its own, whatever stands before it: an event stream's data */
    public MemberSkim(String name, boolean lines) {
        this.name = name.getBytes(StandardCharsets.UTF_8);
        this.lines = lines;
    }

    public void feed(byte[] bytes) {
        for (byte b : bytes) {
            take(b);
        }
    }

    /** The member's value, if it has passed. */
    public Optional<JsonNode> found() {
        return Optional.ofNullable(found);
    }

    private void take(byte b) {
        if (lines && b == '\n') {
            startOver();
            return;
        }
        if (capturing && depth == 1 && !string && (b == ',' || b == '}')) {
            captured();
        }
        if (capturing) {
            value.write(b);
            if (value.size() > MOST_VALUE) {
                capturing = false;
                value.reset();
            }
        }
        if (string) {
            inString(b);
        } else {
            structure(b);
        }
    }

    private void startOver() {
        depth = 0;
        string = false;
        escaped = false;
        named = false;
        capturing = false;
        value.reset();
    }

    private void inString(byte b) {
        if (escaped) {
            escaped = false;
            matched = -1;
        } else if (b == '\\') {
            escaped = true;
            matched = -1;
        } else if (b == '"') {
            string = false;
            named = depth == 1 && !capturing && matched == name.length;
        } else {
            matched = matched >= 0 && matched < name.length && name[matched] == b ? matched + 1 : -1;
        }
    }

    private void structure(byte b) {
        switch (b) {
            case '"' -> {
                string = true;
                matched = 0;
            }
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            case ':' -> {
                if (named) {
                    capturing = true;
                    value.reset();
                }
                named = false;
            }
            case ',' -> named = false;
            default -> {
                // white space, numbers and literals say nothing about the structure
            }
        }
    }

    private void captured() {
        capturing = false;
        try {
            found = Json.read(value.toByteArray());
        } catch (JacksonException e) {
            // what looked like the member is none
        }
        value.reset();
    }
}
