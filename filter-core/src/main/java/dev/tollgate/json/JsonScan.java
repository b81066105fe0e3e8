package dev.tollgate.json;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.json.JsonDocument.Span;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/** One strict pass over the bytes of a JSON object that finds where its members stand. */
final class JsonScan {
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_PATH = 200;

    private final byte[] bytes;
    private final JsonParser parser;
    private final Map<String, Span> members = new LinkedHashMap<>();

    private JsonScan(byte[] bytes, JsonParser parser) {
        this.bytes = bytes;
        this.parser = parser;
    }

    /** The places of all top-level members, in their order. */
    static Map<String, Span> members(byte[] bytes) {
        refuseForeignEncodings(bytes);
        try (JsonParser parser = Json.STRICT.createParser(ObjectReadContext.empty(), bytes)) {
            JsonScan scan = new JsonScan(bytes, parser);
            try {
                scan.object();
            } catch (JacksonException e) {
                throw scan.refusal(e);
            }
            return scan.members;
        }
    }

    private void object() {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new Refusal(ErrorCode.CALLER_BAD_REQUEST, "the request body is empty; send a JSON object");
        }
        if (first != JsonToken.START_OBJECT) {
            throw refusal("the request body must be a JSON object", parser.currentTokenLocation(), null);
        }
        JsonToken token = parser.nextToken();
        while (token == JsonToken.PROPERTY_NAME) {
            token = member();
        }
        if (parser.nextToken() != null) {
            throw refusal("the request body goes on after the JSON object", parser.currentTokenLocation(), null);
        }
    }

    /** Passes one member and returns the token after it: the next member's name or the end of the object. */
    private JsonToken member() {
        String name = parser.currentName();
        int key = offset(parser.currentTokenLocation());
        JsonToken token = parser.nextToken();
        int value = offset(parser.currentTokenLocation());
        pass(token);
        JsonToken next = parser.nextToken();
        // Where strings end is not asked for, since that would decode them: between the value and the next token
        // stand only white space and a comma.
        int after = next == JsonToken.PROPERTY_NAME
                ? offset(parser.currentTokenLocation())
                : offset(parser.currentLocation()) - 1;
        members.put(name, new Span(key, value, endBefore(after)));
        return next;
    }

    /** Passes a whole value, of which the first token has been read. */
    private void pass(JsonToken first) {
        int depth = 0;
        JsonToken token = first;
        while (true) {
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
                checkRange();
            }
            if (depth == 0) {
                return;
            }
            token = parser.nextToken();
        }
    }

    /** Only a number with an exponent can leave the range of a double (RFC 8259 section 6): others are too short. */
    private void checkRange() {
        double value = parser.getDoubleValue();
        boolean vanished = value == 0 && hasDigit(parser.getString());
        if (Double.isInfinite(value) || vanished) {
            throw refusal("a number is beyond range", parser.currentTokenLocation(), path());
        }
    }

    private static boolean hasDigit(String number) {
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if (c == 'e' || c == 'E') {
                return false;
            }
            if (c >= '1' && c <= '9') {
                return true;
            }
        }
        return false;
    }

    private int endBefore(int next) {
        int end = next;
        while (isSeparator(bytes[end - 1])) {
            end--;
        }
        return end;
    }

    private static boolean isSeparator(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == ',';
    }

    private static int offset(TokenStreamLocation location) {
        return (int) location.getByteOffset();
    }

    private Refusal refusal(JacksonException e) {
        TokenStreamLocation where = e.getLocation();
        return refusal(meaning(e), where == null ? parser.currentLocation() : where, path());
    }

    private static String meaning(JacksonException e) {
        String message = String.valueOf(e.getOriginalMessage());
        if (e instanceof UnexpectedEndOfInputException) {
            return "the request body ends before its JSON is complete";
        }
        if (message.startsWith("Duplicate ")) {
            return "the request body has a member twice";
        }
        if (e instanceof StreamConstraintsException) {
            return message.contains("nesting depth")
                    ? "the request body is nested deeper than 64"
                    : message.contains("Number")
                            ? "a number is beyond range"
                            : "the request body has more values, or a longer name, than is allowed";
        }
        return "the request body is not valid JSON";
    }

    private static Refusal refusal(String what, TokenStreamLocation where, @Nullable String path) {
        return refusal(what, where.getLineNr(), where.getColumnNr(), path);
    }

    private static Refusal refusal(String what, int line, int column, @Nullable String path) {
        String place = " (line " + line + ", column " + column + (path == null ? ")" : ", at " + path + ")");
        Refusal refusal = new Refusal(ErrorCode.CALLER_BAD_REQUEST, what + place);
        return path == null ? refusal : refusal.at(path);
    }

    /** Where the parser stands, as {@code messages[2].content}; null where that says nothing or would quote content. */
    private @Nullable String path() {
        StringBuilder path = new StringBuilder();
        for (TokenStreamContext at = parser.streamReadContext(); at != null && !at.inRoot(); at = at.getParent()) {
            if (!path.isEmpty() && path.charAt(0) != '[') {
                path.insert(0, '.');
            }
            if (at.inArray()) {
                path.insert(0, "[" + Math.max(0, at.getCurrentIndex()) + "]");
            } else if (at.hasCurrentName()) {
                if (!isPlain(at.currentName())) {
                    return null;
                }
                path.insert(0, at.currentName());
            }
        }
        return path.isEmpty() || path.length() > LONGEST_PATH ? null : path.toString();
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST_NAME
                && name.chars().allMatch(c -> c == '_' || c == '-' || (c < 128 && Character.isLetterOrDigit(c)));
    }

    private static void refuseForeignEncodings(byte[] bytes) {
        if (bytes.length >= 3 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf) {
            throw refusal("the request body begins with a byte order mark; send UTF-8 without one", 1, 1, null);
        }
        int fault = Utf8.firstFault(bytes);
        if (fault >= 0) {
            int line = 1;
            int lineStart = 0;
            for (int i = 0; i < fault; i++) {
                if (bytes[i] == '\n') {
                    line++;
                    lineStart = i + 1;
                }
            }
            String what = bytes[fault] == 0 ? "the request body holds a NUL byte" : "the request body is not UTF-8";
            throw refusal(what, line, fault - lineStart + 1, null);
        }
    }
}
