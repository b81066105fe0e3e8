package dev.tollgate.bench.upstream;

import java.nio.charset.StandardCharsets;

/** Chooses the answer to a request by its path and by a few words in its body. */
final class Scripts {
    private static final byte[] MESSAGES = ascii("/messages ");
    private static final byte[] STREAM = ascii("\"stream\":true");
    private static final byte[] USAGE = ascii("include_usage");
    private static final byte[] HELD = ascii("\"model\":\"held");
    /** Long bodies are never streams here, and are not searched. */
    private static final int SEARCHED = 4096;

    private final Script openAi = Script.whole(Answers.openAiWhole());
    private final Script anthropic = Script.whole(Answers.anthropicWhole());
    private final Script openAiStream = Script.shortStream(Answers.openAiStream(false));
    private final Script openAiStreamWithUsage = Script.shortStream(Answers.openAiStream(true));
    private final Script anthropicStream = Script.shortStream(Answers.anthropicStream());
    private final Script openAiHeld = Script.heldStream(Answers.openAiStream(true));
    private final Script anthropicHeld = Script.heldStream(Answers.anthropicStream());

    /**
     * @param bytes holds the request from its first byte
     * @param body where its body starts
     * @param end where it ends
     */
    Script choose(byte[] bytes, int body, int end) {
        boolean messages = contains(bytes, 0, Math.min(body, 128), MESSAGES);
        if (end - body > SEARCHED || !contains(bytes, body, end, STREAM)) {
            return messages ? anthropic : openAi;
        }
        if (contains(bytes, body, end, HELD)) {
            return messages ? anthropicHeld : openAiHeld;
        }
        if (messages) {
            return anthropicStream;
        }
        return contains(bytes, body, end, USAGE) ? openAiStreamWithUsage : openAiStream;
    }

    private static boolean contains(byte[] bytes, int from, int to, byte[] word) {
        for (int at = from; at <= to - word.length; at++) {
            if (bytes[at] == word[0] && matches(bytes, at, word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] bytes, int at, byte[] word) {
        for (int i = 1; i < word.length; i++) {
            if (bytes[at + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
