package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Opaque;
import dev.tollgate.dialect.WriteTerms;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The {@code annotations} of an answer: the sources it names. */
final class Annotations {
    static final String MEMBER = "annotations";

    private static final String URL = "url_citation";

    private Annotations() {}

    static List<Citation> read(JsonNode annotations, String at) {
        List<Citation> citations = new ArrayList<>();
        for (JsonNode annotation : annotations) {
            citations.add(read(annotation, new Opaque(OpenAiChat.ID, at, annotation)));
        }
        return citations;
    }

    private static Citation read(JsonNode annotation, Opaque whole) {
        JsonNode source = annotation.has(URL) ? annotation.path(URL) : annotation;
        Long start = place(source.path("start_index"));
        Long end = place(source.path("end_index"));
        // Providers that do not know the place say it is from 0 to 0.
        boolean placed = start != null && end != null && end > start;
        return new Citation(
                source.path("url").asString(null),
                source.path("title").asString(null),
                source.path("content").asString(null),
                placed ? start : null,
                placed ? end : null,
                whole);
    }

    private static @Nullable Long place(JsonNode index) {
        return index.isIntegralNumber() && index.canConvertToLong() ? index.longValue() : null;
    }

    /**
     * The annotation of a source; null for one without an address, which is noted.
     *
     * @param from where the text it is for begins in the message
     * @param to where that text ends
     */
    static @Nullable JsonNode write(Citation citation, long from, long to, WriteTerms terms) {
        if (citation.whole().isFrom(OpenAiChat.ID)) {
            return citation.whole().value();
        }
        if (citation.url() == null) {
            terms.dropped(citation.whole());
            return null;
        }
        ObjectNode annotation = JsonNodeFactory.instance.objectNode().put("type", URL);
        ObjectNode source = annotation.putObject(URL).put("url", citation.url());
        source.put("title", citation.title() == null ? citation.url() : citation.title());
        source.put("start_index", citation.start() == null ? from : from + citation.start());
        source.put("end_index", citation.end() == null ? to : from + citation.end());
        if (citation.quoted() != null) {
            source.put("content", citation.quoted());
        }
        return annotation;
    }
}
