package dev.tollgate.ledger;

import dev.tollgate.chat.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Rows as JSON, one object without a line end each. What is absent, zero or false is left out. */
final class RowText {
    static final String STARTED = "started";
    static final String ENDED = "ended";
    static final String CALLED = "called";
    static final String FILE = "tollgate-ledger";

    private static final byte[] STARTED_BEGINS = "{\"row\":\"started\"".getBytes(StandardCharsets.US_ASCII);

    private final StringBuilder text = new StringBuilder(512);

    /** The JSON of a row, in UTF-8. */
    byte[] of(Entry entry) {
        if (entry instanceof Entry.Started started) {
            begin(STARTED, started);
            text("target", started.target());
            number("reserved-input", started.inputTokens());
            number("reserved-output", started.outputTokens());
            cost(started.costNanoUsd());
        } else if (entry instanceof Entry.Ended ended) {
            begin(ENDED, ended);
            text("target", ended.target());
            number("status", ended.status());
            text("error", ended.error() == null ? null : ended.error().id());
            usage(ended.usage(), ended.estimated());
            cost(ended.costNanoUsd());
        } else if (entry instanceof Entry.Called called) {
            begin(CALLED, called);
            text("target", called.target());
            number("attempts", called.attempts());
            number("status", called.status());
            text("error", called.error() == null ? null : called.error().id());
            usage(called.usage(), called.estimated());
            cost(called.costNanoUsd());
            number("nanos", called.totalNanos());
        } else {
            throw new AssertionError(entry);
        }
        return end();
    }

    /** Whether what begins there is the row of a started attempt, as this version writes it. */
    static boolean isStarted(byte[] bytes, int at) {
        int end = at + STARTED_BEGINS.length;
        return end <= bytes.length && Arrays.equals(bytes, at, end, STARTED_BEGINS, 0, STARTED_BEGINS.length);
    }

    /** The JSON of the row that a file begins with, in UTF-8. */
    byte[] of(FileHead head) {
        text.setLength(0);
        text("row", FILE);
        number("format", FileHead.FORMAT);
        text("node", head.node());
        number("number", head.number());
        text("opened", head.opened().toString());
        return end();
    }

    private void begin(String kind, Entry entry) {
        text.setLength(0);
        text("row", kind);
        text("id", entry.id());
        text("at", entry.at().toString());
        Party party = entry.party();
        text("key", party.key());
        text("team", party.team());
        text("user", party.user());
        text("model", party.model());
    }

    private byte[] end() {
        text.setCharAt(0, '{');
        return text.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private void usage(Usage usage, boolean estimated) {
        number("input", usage.uncachedInput());
        number("cache-read", usage.cacheRead());
        number("cache-write-5m", usage.cacheWrite5m());
        number("cache-write-1h", usage.cacheWrite1h());
        number("output", usage.output());
        number("reasoning", usage.reasoning());
        number("audio-input", usage.audioInput());
        number("audio-output", usage.audioOutput());
        number("image-input", usage.imageInput());
        number("image-output", usage.imageOutput());
        number("estimated", estimated ? 1 : 0);
    }

    private void cost(OptionalLong nanoUsd) {
        if (nanoUsd.isPresent()) {
            name("cost");
            text.append(nanoUsd.getAsLong());
        }
    }

    private void number(String name, long value) {
        if (value != 0) {
            name(name);
            text.append(value);
        }
    }

    private void text(String name, @Nullable String value) {
        if (value != null) {
            name(name);
            text.append('"');
            escape(value, Math.min(value.length(), Entry.LONGEST_TEXT), text);
            text.append('"');
        }
    }

    private void name(String name) {
        text.append(',').append('"').append(name).append("\":");
    }

    /** Writes a text, or its beginning, as JSON wants it between quotes. */
    static void escape(String value, int length, StringBuilder json) {
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
    }
}
