package dev.tollgate;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Tells whether a path is spelled the one way that every part of the server reads alike. */
final class CanonicalPath {

    /** Characters that a path may carry percent-encoded, because some client must encode them (":" in model names). */
    private static final String MAY_BE_ENCODED = ":@ []|\"<>^`{}";

    private CanonicalPath() {}

    static boolean accepts(String raw, String mapped) {
        if (!raw.startsWith("/") || raw.contains("//") || raw.indexOf(';') >= 0 || raw.indexOf('\\') >= 0) {
            return false;
        }
        for (String segment : raw.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return decode(raw).equals(mapped);
    }

    /** The decoded path, or an empty string (which no mapped path is) where its encoding is not plain. */
    private static String decode(String raw) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c <= ' ' || c == 0x7f) {
                return "";
            }
            if (c == '%' && !mayBeEncoded(raw, i)) {
                return "";
            }
        }
        return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static boolean mayBeEncoded(String raw, int at) {
        if (at + 2 >= raw.length()) {
            return false;
        }
        int high = Character.digit(raw.charAt(at + 1), 16);
        int low = Character.digit(raw.charAt(at + 2), 16);
        if (high < 0 || low < 0) {
            return false;
        }
        int octet = high << 4 | low;
        return octet >= 0x80 || MAY_BE_ENCODED.indexOf(octet) >= 0;
    }
}
