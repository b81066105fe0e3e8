package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Opaque;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The sources that a candidate names, in {@code groundingMetadata} or {@code citationMetadata}. Places are counted in bytes. */
final class Grounding {
    static final String GROUNDING = "groundingMetadata";
    static final String CITATIONS = "citationMetadata";
    private static final String SUPPORTS = "groundingSupports";
    private static final String CHUNKS = "groundingChunks";

    private Grounding() {}

    /**
     * The sources of one part's text.
     *
     * @param part the part's index, or -1 where the metadata does not tell parts apart
     */
    static List<Citation> read(JsonNode candidate, String text, int part, String at) {
        List<Citation> citations = new ArrayList<>();
        Bytes bytes = new Bytes(text);
        JsonNode grounding = candidate.path(GROUNDING);
        for (JsonNode support : grounding.path(SUPPORTS)) {
            JsonNode segment = support.path("segment");
            if (part < 0 || segment.path("partIndex").asInt(0) == part) {
                for (JsonNode index : support.path("groundingChunkIndices")) {
                    JsonNode chunk = grounding.path(CHUNKS).path(index.asInt(-1));
                    citations.add(grounded(support, segment, chunk, bytes, at));
                }
            }
        }
        JsonNode cited = candidate.path(CITATIONS);
        for (String name : List.of("citations", "citationSources")) {
            cited.path(name).forEach(each -> citations.add(cited(each, bytes, at)));
        }
        return citations;
    }

    private static Citation grounded(JsonNode support, JsonNode segment, JsonNode chunk, Bytes bytes, String at) {
        JsonNode source = chunk.path("web");
        for (String name : List.of("retrievedContext", "maps")) {
            source = source.isMissingNode() ? chunk.path(name) : source;
        }
        return new Citation(
                string(source, "uri"),
                string(source, "title"),
                string(source, "text"),
                bytes.character(segment.path("startIndex").asInt(0)),
                segment.has("endIndex")
                        ? bytes.character(segment.path("endIndex").asInt(0))
                        : null,
                new Opaque(Gemini.ID, at + '.' + GROUNDING, support));
    }

    private static Citation cited(JsonNode each, Bytes bytes, String at) {
        return new Citation(
                string(each, "uri"),
                string(each, "title"),
                null,
                bytes.character(each.path("startIndex").asInt(0)),
                each.has("endIndex") ? bytes.character(each.path("endIndex").asInt(0)) : null,
                new Opaque(Gemini.ID, at + '.' + CITATIONS, each));
    }

    private static @Nullable String string(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isString() ? value.stringValue() : null;
    }

    /** Writes the sources of another dialect's text as grounding; each source stands in the list once. */
    static void write(Map<Integer, List<Citation>> byPart, Map<Integer, String> texts, ObjectNode candidate) {
        if (byPart.values().stream().allMatch(List::isEmpty)) {
            return;
        }
        ArrayNode chunks = JsonNodeFactory.instance.arrayNode();
        ArrayNode supports = JsonNodeFactory.instance.arrayNode();
        Map<ObjectNode, Integer> known = new LinkedHashMap<>();
        byPart.forEach((part, citations) -> {
            String text = texts.getOrDefault(part, "");
            for (Citation citation : citations) {
                int chunk = known.computeIfAbsent(chunk(citation), key -> {
                    chunks.add(key);
                    return chunks.size() - 1;
                });
                supports.add(support(citation, part, text, chunk));
            }
        });
        ObjectNode grounding = candidate.putObject(GROUNDING);
        grounding.set(CHUNKS, chunks);
        grounding.set(SUPPORTS, supports);
    }

    private static ObjectNode chunk(Citation citation) {
        ObjectNode chunk = JsonNodeFactory.instance.objectNode();
        ObjectNode source = chunk.putObject(citation.quoted() == null ? "web" : "retrievedContext");
        put(source, "uri", citation.url());
        put(source, "title", citation.title());
        put(source, "text", citation.quoted());
        return chunk;
    }

    private static void put(ObjectNode node, String name, @Nullable String value) {
        if (value != null) {
            node.put(name, value);
        }
    }

    private static ObjectNode support(Citation citation, int part, String text, int chunk) {
        Long from = citation.start();
        Long to = citation.end();
        int start = from == null ? 0 : (int) Math.min(from, text.length());
        int end = to == null ? text.length() : (int) Math.max(start, Math.min(to, text.length()));
        ObjectNode support = JsonNodeFactory.instance.objectNode();
        ObjectNode segment = support.putObject("segment");
        if (part > 0) {
            segment.put("partIndex", part);
        }
        segment.put("startIndex", length(text.substring(0, start)));
        segment.put("endIndex", length(text.substring(0, end)));
        segment.put("text", text.substring(start, end));
        support.putArray("groundingChunkIndices").add(chunk);
        return support;
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** A text by its bytes. */
    private static final class Bytes {
        private final byte[] utf8;

        Bytes(String text) {
            this.utf8 = text.getBytes(StandardCharsets.UTF_8);
        }

        /** The character that begins at a byte. */
        long character(int at) {
            int end = Math.max(0, Math.min(at, utf8.length));
            return new String(utf8, 0, end, StandardCharsets.UTF_8).length();
        }
    }
}
