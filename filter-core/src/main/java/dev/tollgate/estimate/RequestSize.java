package dev.tollgate.estimate;

/**
 * How much there is to read in a request's body.
 *
 * @param textBytes bytes that count as text
 * @param media images, sounds and documents that stand in it as base64
 */
public record RequestSize(long textBytes, int media) {
    public static final RequestSize NOTHING = new RequestSize(0, 0);

    /** What a large image costs in tokens at most providers. */
    static final int TOKENS_PER_MEDIUM = 1_500;

    /** A word longer than this is no word. */
    private static final int LONGEST_WORD = 1_024;

    private static final boolean[] BASE64 = new boolean[256];

    static {
        // With the backslash: some writers of JSON escape slashes and line ends.
        for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_\\".toCharArray()) {
            BASE64[c] = true;
        }
    }

    /** Looks a body over; of text only about one byte in two hundred. */
    public static RequestSize of(byte[] body) {
        long text = body.length;
        int media = 0;
        int from = 0;
        while (from + LONGEST_WORD <= body.length) {
            int last = from + LONGEST_WORD - 1;
            int at = last;
            while (at >= from && isBase64(body[at])) {
                at--;
            }
            if (at >= from) {
                from = at + 1; // no long word begins before what ends a word
                continue;
            }
            int end = last + 1;
            while (end < body.length && isBase64(body[end])) {
                end++;
            }
            text -= end - from;
            media++;
            from = end;
        }
        return new RequestSize(text, media);
    }

    private static boolean isBase64(byte b) {
        return BASE64[b & 0xff];
    }
}
