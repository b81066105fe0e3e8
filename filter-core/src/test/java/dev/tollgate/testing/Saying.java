package dev.tollgate.testing;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a fake provider answers, whatever its dialect. It always reports the same use: 25 input tokens, 5 of them from the
 * cache, and 12 output tokens.
 *
 * @param thinking what it thinks, or null for nothing
 * @param finish OpenAI's word for why it ended
 */
record Saying(String thinking, String text, List<Use> uses, String finish) {
    static final long INPUT = 25;
    static final long CACHED = 5;
    static final long OUTPUT = 12;
    static final String SIGNATURE = "c2lnbmVkIGJ5IHRoZSBmYWtl";

    /** A call of a tool. */
    record Use(String id, String name, ObjectNode input) {}

    /**
     * What a request asked for.
     *
     * @param results the texts of the tool results at its end
     * @param images the images in it, as {@code image/png:3} with their size in bytes, or their address
     * @param schema the schema of the answer, or a missing node
     * @param thinking whether it asks for thinking
     * @param usageAsked whether a stream is to tell the use
     */
    record Asked(
            String model,
            boolean stream,
            String system,
            String lastText,
            List<String> results,
            List<String> images,
            JsonNode schema,
            boolean tools,
            boolean thinking,
            boolean usageAsked) {}

    static Saying text(String text) {
        return new Saying(null, text, List.of(), "stop");
    }

    static Saying uses(Use... uses) {
        return new Saying(null, "", List.of(uses), "tool_calls");
    }

    Saying thinking(String thought) {
        return new Saying(thought, text, uses, finish);
    }

    Saying endedBy(String word) {
        return new Saying(thinking, text, uses, word);
    }

    /** A text in pieces of a few characters, none of them empty. */
    static List<String> pieces(String text) {
        List<String> pieces = new java.util.ArrayList<>();
        for (int at = 0; at < text.length(); at += 5) {
            pieces.add(text.substring(at, Math.min(text.length(), at + 5)));
        }
        return pieces;
    }
}
