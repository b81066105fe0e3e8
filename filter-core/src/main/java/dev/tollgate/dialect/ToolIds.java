package dev.tollgate.dialect;

import java.util.HexFormat;

/**
 * Ids of tool calls in the form another provider accepts. The same id always becomes the same text, in this request and in
 * the next turns' (a changed id would spoil the provider's prompt cache), and different ids stay different.
 */
public final class ToolIds {
    private ToolIds() {}

    /** The id itself if it is no longer than this, otherwise its start and its hash. */
    public static String within(String id, int longest) {
        return id.length() <= longest ? id : id.substring(0, longest - 17) + '_' + hash(id);
    }

    /** The id itself if it consists of letters, digits, "_" and "-", otherwise one that does. */
    public static String wordsOnly(String id) {
        boolean fits = !id.isEmpty();
        StringBuilder words = new StringBuilder(id.length());
        for (int i = 0; i < id.length(); i++) {
            boolean word = isWord(id.charAt(i));
            words.append(word ? id.charAt(i) : '_');
            fits &= word;
        }
        return fits ? id : words.append('_').append(hash(id)).toString();
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    /** An id for a call to which the provider gave none, made from where it stood. */
    public static String made(String answerId, int choice, int call) {
        return "call_" + hash(answerId + '/' + choice + '/' + call);
    }

    /** FNV-1a over the characters, 64 bits in hex: stable across versions and machines, which hashCode() need not be. */
    private static String hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return HexFormat.of().toHexDigits(hash);
    }
}
