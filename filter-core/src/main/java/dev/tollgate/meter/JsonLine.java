package dev.tollgate.meter;

import dev.tollgate.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object on one line, written member by member. Names are constants that need no escape; text is made plain first, so
 * that of all that JSON wants escaped only quotes and backslashes are left. A line is written for every call, and a generator
 * of the library's makes twice the garbage for it.
 */
final class JsonLine {
    private static final int LONGEST_TEXT = 200;

    private final StringBuilder line = new StringBuilder(640);

    JsonLine() {
        line.append('{');
    }

    /** A member with a text, left out when there is none. */
    JsonLine text(String name, @Nullable String value) {
        if (value != null) {
            name(name);
            quoted(value);
        }
        return this;
    }

    JsonLine number(String name, long value) {
        name(name);
        line.append(value);
        return this;
    }

    JsonLine flag(String name, boolean value) {
        name(name);
        line.append(value);
        return this;
    }

    /** Nanoseconds as milliseconds with three digits after the point. */
    JsonLine millis(String name, long nanos) {
        name(name);
        long micros = nanos / 1_000;
        long fraction = Math.abs(micros % 1_000);
        if (micros < 0 && micros > -1_000) {
            line.append('-');
        }
        line.append(micros / 1_000).append('.');
        line.append(fraction < 100 ? fraction < 10 ? "00" : "0" : "").append(fraction);
        return this;
    }

    /** Begins an object or an array: as a member, or as an item where the name is null. */
    JsonLine begin(@Nullable String name, char bracket) {
        if (name == null) {
            comma();
        } else {
            name(name);
        }
        line.append(bracket);
        return this;
    }

    JsonLine end(char bracket) {
        line.append(bracket);
        return this;
    }

    /** A text in an array. */
    JsonLine item(String value) {
        comma();
        quoted(value);
        return this;
    }

    private void name(String name) {
        comma();
        line.append('"').append(name).append("\":");
    }

    private void comma() {
        char last = line.charAt(line.length() - 1);
        if (last != '{' && last != '[') {
            line.append(',');
        }
    }

    private void quoted(String value) {
        String plain = PlainText.of(value, LONGEST_TEXT);
        line.append('"');
        if (plain.indexOf('"') < 0 && plain.indexOf('\\') < 0) {
            line.append(plain);
        } else {
            line.append(plain.replace("\\", "\\\\").replace("\"", "\\\""));
        }
        line.append('"');
    }

    /** The whole object. */
    String close() {
        return line.append('}').toString();
    }
}
