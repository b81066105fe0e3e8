package dev.tollgate.route;

import dev.tollgate.PlainText;
import java.util.regex.Pattern;

/** Model names as callers write them: text that must be looked at before it goes into a URL, a log or a message. */
public final class ModelName {
    private static final int MOST_SHOWN = 80;

    // Segments between single slashes that begin with a letter, a digit or @: so none is "." or "..", and none is
    // empty.
    private static final Pattern SAFE =
            Pattern.compile("[A-Za-z0-9@][A-Za-z0-9._:@+-]*+(/[A-Za-z0-9@][A-Za-z0-9._:@+-]*+)*+");
    private static final int MOST_SAFE = 256;

    private ModelName() {}

    /** Whether a name can be handed on to a provider. */
    static boolean isSafe(String name) {
        return name.length() <= MOST_SAFE && SAFE.matcher(name).matches();
    }

    /** The name in quotes, fit for a message. */
    public static String quoted(String name) {
        return '"' + PlainText.of(name, MOST_SHOWN) + '"';
    }

    /** How many characters two names have in common from their start on. */
    static int sameStart(String one, String other) {
        int most = Math.min(one.length(), other.length());
        int same = 0;
        while (same < most && Character.toLowerCase(one.charAt(same)) == Character.toLowerCase(other.charAt(same))) {
            same++;
        }
        return same;
    }
}
