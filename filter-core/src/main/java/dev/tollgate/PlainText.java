package dev.tollgate;

/** Text from outside, made fit for one line of a log or a message. */
public final class PlainText {

    private PlainText() {}

    /**
     * The text without control characters, line ends and invisible marks (each becomes {@code ?}), cut after a number of
     * characters.
     */
    public static String of(String text, int most) {
        if (text.length() <= most && isPrintableAscii(text)) {
            return text;
        }
        StringBuilder plain = new StringBuilder();
        text.codePoints().limit(most).map(PlainText::plain).forEach(plain::appendCodePoint);
        return text.codePointCount(0, text.length()) > most ? plain.append('…').toString() : plain.toString();
    }

    /** The text as it is, cut after a number of characters. */
    public static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }

    private static boolean isPrintableAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static int plain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> '?';
            default -> codePoint;
        };
    }
}
