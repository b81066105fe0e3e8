package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Opaque;
import dev.tollgate.dialect.WriteTerms;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The annotations of a text: the sources it names. */
final class Annotations {
    private Annotations() {}

    static List<Citation> read(JsonNode annotations, String at) {
        List<Citation> citations = new ArrayList<>();
        for (JsonNode annotation : annotations) {
            citations.add(one(annotation, at + '[' + citations.size() + ']'));
        }
        return citations;
    }

    static Citation one(JsonNode annotation, String at) {
        String title = text(annotation, "title");
        return new Citation(
                text(annotation, "url"),
                title == null ? text(annotation, "filename") : title,
                null,
                whole(annotation, "start_index"),
                whole(annotation, "end_index"),
                new Opaque(OpenAiResponses.ID, at, annotation));
    }

    private static @Nullable String text(JsonNode annotation, String name) {
        JsonNode value = annotation.path(name);
        return value.isString() ? value.stringValue() : null;
    }

    private static @Nullable Long whole(JsonNode annotation, String name) {
        JsonNode value = annotation.path(name);
        return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : null;
    }

    static ArrayNode write(List<Citation> citations, long length, WriteTerms terms) {
        ArrayNode annotations = JsonNodeFactory.instance.arrayNode();
        for (Citation citation : citations) {
            JsonNode annotation = one(citation, length, terms);
            if (annotation != null) {
                annotations.add(annotation);
            }
        }
        return annotations;
    }

    /** The annotation for a citation; null for one of another dialect that names no URL, which is noted. */
    static @Nullable JsonNode one(Citation citation, long length, WriteTerms terms) {
        if (citation.whole().isFrom(OpenAiResponses.ID)) {
            return citation.whole().value();
        }
        if (citation.url() == null) {
            terms.dropped(citation.whole());
            return null;
        }
        if (citation.quoted() != null) {
            terms.dropped(citation.whole());
        }
        ObjectNode annotation = JsonNodeFactory.instance.objectNode().put("type", "url_citation");
        annotation.put("url", citation.url()).put("title", citation.title() == null ? "" : citation.title());
        return annotation
                .put("start_index", citation.start() == null ? 0 : citation.start())
                .put("end_index", citation.end() == null ? length : citation.end());
    }
}
