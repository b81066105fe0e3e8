package dev.tollgate.dialect;

/**
 * A look at JSON text without parsing it. A member's name in quotes can only be a name or a whole string value: inside a
 * longer string its quotes would be escaped.
 */
public final class JsonSkim {
    private JsonSkim() {}

    /** The characters of all strings under members of this name, an escape counted as one. */
    public static long characters(String json, String member) {
        long characters = 0;
        int at = value(json, member, 0);
        while (at >= 0) {
            if (json.charAt(at) == '"') {
                for (at++; at < json.length() && json.charAt(at) != '"'; at++) {
                    at += escaped(json, at);
                    characters++;
                }
            }
            at = value(json, member, at);
        }
        return characters;
    }

    /** The further characters of an escape at this place. */
    private static int escaped(String json, int at) {
        if (json.charAt(at) != '\\') {
            return 0;
        }
        return at + 1 < json.length() && json.charAt(at + 1) == 'u' ? 5 : 1;
    }

    /** Whether some member of this name has a value that begins with this character. */
    public static boolean has(String json, String member, char first) {
        for (int at = value(json, member, 0); at >= 0; at = value(json, member, at)) {
            if (json.charAt(at) == first) {
                return true;
            }
        }
        return false;
    }

    /** The type of an event, which stands in its name and in its data; some providers send only the latter. */
    public static String type(Frame frame) {
        return frame.event() == null ? first(frame.data(), "type") : frame.event();
    }

    /** The first string under a member of this name, up to its first escape; empty when there is none. */
    public static String first(String json, String member) {
        int at = value(json, member, 0);
        if (at < 0 || json.charAt(at) != '"') {
            return "";
        }
        int end = at + 1;
        while (end < json.length() && json.charAt(end) != '"' && json.charAt(end) != '\\') {
            end++;
        }
        return json.substring(at + 1, end);
    }

    /** Whether some member called "index" is a number other than zero. */
    public static boolean hasIndexAboveZero(String json) {
        for (int at = value(json, "index", 0); at >= 0; at = value(json, "index", at)) {
            if (json.charAt(at) >= '1' && json.charAt(at) <= '9') {
                return true;
            }
        }
        return false;
    }

    /** Where the value of the next member of this name begins, or -1. */
    private static int value(String json, String member, int from) {
        int at = from;
        while ((at = json.indexOf(member, at)) >= 0) {
            int end = at + member.length();
            boolean quoted = at > 0 && json.charAt(at - 1) == '"' && end < json.length() && json.charAt(end) == '"';
            at = end + 1;
            if (quoted && (at = past(json, at, ':')) >= 0) {
                return at;
            }
            at = Math.max(at, end);
        }
        return -1;
    }

    /** Where the next token begins after this character, or -1 where another one comes first. */
    private static int past(String json, int from, char wanted) {
        int at = from;
        while (at < json.length() && json.charAt(at) <= ' ') {
            at++;
        }
        if (at >= json.length() || json.charAt(at) != wanted) {
            return -1;
        }
        do {
            at++;
        } while (at < json.length() && json.charAt(at) <= ' ');
        return at < json.length() ? at : -1;
    }
}
