package dev.tollgate.dialect.bedrock;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names of the documents of one request, which Bedrock wants different from each other and made of letters, digits, single
 * blanks, hyphens, parentheses and square brackets. The same conversation always gets the same names, or the prompt's cache
 * would miss.
 */
final class DocumentNames {
    private static final int LONGEST = 190;

    private final Set<String> given = new HashSet<>();

    /** A name like the wanted one that nobody had yet. */
    String unlike(@Nullable String wanted, String format) {
        String name = wanted == null ? "" : fitting(withoutEnding(wanted, format));
        name = name.isEmpty() ? "document" : name;
        String unlike = name;
        for (int i = 2; !given.add(unlike); i++) {
            unlike = name + " (" + i + ')';
        }
        return unlike;
    }

    /** The format is told beside the name. */
    private static String withoutEnding(String name, String format) {
        String ending = '.' + format;
        return name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : name;
    }

    private static String fitting(String name) {
        StringBuilder fitting = new StringBuilder(name.length());
        for (int i = 0; i < name.length() && fitting.length() < LONGEST; i++) {
            char c = name.charAt(i);
            boolean blank = Character.isWhitespace(c);
            boolean doubled = blank && (fitting.isEmpty() || fitting.charAt(fitting.length() - 1) == ' ');
            if (!doubled) {
                fitting.append(blank ? ' ' : isAllowed(c) ? c : '-');
            }
        }
        return fitting.toString().strip();
    }

    private static boolean isAllowed(char c) {
        boolean word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return word || "-()[]".indexOf(c) >= 0;
    }
}
