package dev.tollgate.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** JSON on its way to the wire. */
public final class JsonText {
    private JsonText() {}

    /**
     * The bytes of a JSON text. Half of a surrogate pair (a provider's delta may end inside an emoji) becomes a JSON escape:
     * UTF-8 has no form for it, and it can only stand in a JSON string.
     */
    public static byte[] utf8(String json) {
        return wellFormed(json).getBytes(StandardCharsets.UTF_8);
    }

    /** The same JSON without line breaks, which can only stand between its tokens. */
    public static String oneLine(String json) {
        return json.replace('\n', ' ').replace('\r', ' ');
    }

    static String wellFormed(String json) {
        int at = 0;
        while (at < json.length() && !Character.isSurrogate(json.charAt(at))) {
            at++;
        }
        if (at == json.length()) {
            return json;
        }
        StringBuilder out = new StringBuilder(json.length() + 8).append(json, 0, at);
        for (; at < json.length(); at++) {
            char c = json.charAt(at);
            if (!Character.isSurrogate(c)) {
                out.append(c);
            } else if (at + 1 < json.length() && Character.isSurrogatePair(c, json.charAt(at + 1))) {
                out.append(json, at, at + 2);
                at++;
            } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return out.toString();
    }
}
