package dev.tollgate.ledger;

import dev.tollgate.ErrorCode;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The members of a row's JSON, of which those that this version does not know are passed over. */
final class RowFields {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Map<String, ErrorCode> ERRORS =
            Arrays.stream(ErrorCode.values()).collect(Collectors.toUnmodifiableMap(ErrorCode::id, Function.identity()));

    private final Map<String, String> fields = new HashMap<>();

    /** A row that is whole and cannot be understood. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(@Nullable String message) {
            super(message, null, false, false);
        }
    }

    private RowFields() {}

    static RowFields of(byte[] bytes, int from, int length) throws Unreadable {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes, from, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Unreadable("it is no JSON object");
            }
            RowFields row = new RowFields();
            row.readFrom(parser);
            return row;
        } catch (JacksonException e) {
            throw new Unreadable(e.getOriginalMessage());
        }
    }

    private void readFrom(JsonParser parser) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (value.isStructStart()) {
                parser.skipChildren();
            } else if (value != JsonToken.VALUE_NULL) {
                fields.put(name, parser.getString());
            }
        }
    }

    /** The file's own row; empty when this is another. */
    Optional<FileHead> head() throws Unreadable {
        if (!RowText.FILE.equals(fields.get("row"))) {
            return Optional.empty();
        }
        long format = number("format");
        if (format > FileHead.FORMAT) {
            throw new Unreadable("a later version wrote it (format " + format + ")");
        }
        return Optional.of(new FileHead(needed("node"), number("number"), instant("opened")));
    }

    /** The row; empty when it is of a kind that a later version has added. */
    Optional<Entry> entry() throws Unreadable {
        return switch (fields.getOrDefault("row", "")) {
            case RowText.STARTED -> Optional.of(started());
            case RowText.ENDED -> Optional.of(ended());
            case RowText.CALLED -> Optional.of(called());
            default -> Optional.empty();
        };
    }

    private Entry started() throws Unreadable {
        return new Entry.Started(
                needed("id"),
                instant("at"),
                party(),
                needed("target"),
                number("reserved-input"),
                number("reserved-output"),
                cost());
    }

    private Entry ended() throws Unreadable {
        return new Entry.Ended(
                needed("id"),
                instant("at"),
                party(),
                needed("target"),
                small("status"),
                error(),
                usage(),
                number("estimated") != 0,
                cost());
    }

    private Entry called() throws Unreadable {
        return new Entry.Called(
                needed("id"),
                instant("at"),
                party(),
                fields.get("target"),
                small("attempts"),
                small("status"),
                error(),
                usage(),
                number("estimated") != 0,
                cost(),
                number("nanos"));
    }

    private Party party() {
        return new Party(fields.get("key"), fields.get("team"), fields.get("user"), fields.get("model"));
    }

    private Usage usage() throws Unreadable {
        return new Usage(
                number("input"),
                number("cache-read"),
                number("cache-write-5m"),
                number("cache-write-1h"),
                number("output"),
                number("reasoning"),
                number("audio-input"),
                number("audio-output"),
                number("image-input"),
                number("image-output"),
                Extras.NONE);
    }

    /** An error that only a later version knows is still one. */
    private @Nullable ErrorCode error() {
        String id = fields.get("error");
        return id == null ? null : ERRORS.getOrDefault(id, ErrorCode.GATEWAY_INTERNAL);
    }

    private OptionalLong cost() throws Unreadable {
        return fields.containsKey("cost") ? OptionalLong.of(number("cost")) : OptionalLong.empty();
    }

    private String needed(String name) throws Unreadable {
        String value = fields.get(name);
        if (value == null) {
            throw new Unreadable("'" + name + "' is missing");
        }
        return value;
    }

    private int small(String name) throws Unreadable {
        long value = number(name);
        if (value != (int) value) {
            throw new Unreadable("'" + name + "' is too large");
        }
        return (int) value;
    }

    private long number(String name) throws Unreadable {
        try {
            return Long.parseLong(fields.getOrDefault(name, "0"));
        } catch (NumberFormatException e) {
            throw new Unreadable("'" + name + "' is no whole number");
        }
    }

    private Instant instant(String name) throws Unreadable {
        try {
            return Times.ofRow(needed(name));
        } catch (DateTimeException e) {
            throw new Unreadable("'" + name + "' is no time");
        }
    }
}
