package dev.tollgate.dialect.cohere;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Opaque;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Citations, which name by its place the piece of the answer they are for, and the documents and tool results behind it. */
final class Citations {
    private Citations() {}

    /** @param text the text it is for, or null where it has not all come yet */
    static Citation read(JsonNode citation, String at, @Nullable String text) {
        JsonNode source = citation.path("sources").path(0);
        JsonNode told = source.path(source.has("document") ? "document" : "tool_output");
        String title = text(told.path("title"));
        String quoted = text(told.path("text"));
        quoted = quoted == null ? text(told.path("snippet")) : quoted;
        quoted = quoted == null ? text(told.path("content")) : quoted;
        return new Citation(
                text(told.path("url")),
                title == null ? text(source.path("id")) : title,
                quoted,
                place(citation, "start", text),
                place(citation, "end", text),
                new Opaque(Cohere.ID, at, citation));
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() && !node.stringValue().isEmpty() ? node.stringValue() : null;
    }

    /** A place counted in characters of Unicode, in UTF-16 units as we count. */
    private static @Nullable Long place(JsonNode citation, String member, @Nullable String text) {
        JsonNode place = citation.path(member);
        if (!place.isIntegralNumber()) {
            return null;
        }
        int points = place.asInt(0);
        boolean counts = text != null && points >= 0 && points <= text.codePointCount(0, text.length());
        return counts && text != null ? text.offsetByCodePoints(0, points) : place.longValue();
    }

    /**
     * A citation as it came, or what can be said of another dialect's.
     *
     * @param text the text it is for, or null where it has not all come yet
     * @param index which part of the content that is
     */
    static JsonNode write(Citation citation, @Nullable String text, int index) {
        if (citation.whole().isFrom(Cohere.ID)) {
            return citation.whole().value();
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        long start = citation.start() == null ? 0 : citation.start();
        Long end = citation.end() == null && text != null ? Long.valueOf(text.length()) : citation.end();
        out.put("start", start);
        if (end != null) {
            out.put("end", end);
            if (text != null && start <= end && end <= text.length() && start >= 0) {
                out.put("text", text.substring((int) start, end.intValue()));
            }
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        put(document, "title", citation.title());
        put(document, "url", citation.url());
        put(document, "text", citation.quoted());
        ObjectNode source = out.putArray("sources").addObject().put("type", "document");
        put(source, "id", citation.url() == null ? citation.title() : citation.url());
        source.set("document", document);
        return out.put("type", "TEXT_CONTENT").put("content_index", index);
    }

    private static void put(ObjectNode into, String name, @Nullable String value) {
        if (value != null) {
            into.put(name, value);
        }
    }

    /** Whether a citation is for text of the answer, rather than for a thought or a plan. */
    static boolean isOfText(JsonNode citation) {
        String type = citation.path("type").asString("TEXT_CONTENT");
        return type.equals("TEXT_CONTENT");
    }
}
