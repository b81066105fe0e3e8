package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Opaque;
import dev.tollgate.dialect.WriteTerms;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Citations, which are about the whole of the text they stand beside. */
final class CitationFields {
    private CitationFields() {}

    static Citation read(JsonNode citation, String at) {
        StringBuilder quoted = new StringBuilder();
        citation.path("sourceContent")
                .forEach(piece -> quoted.append(piece.path("text").asString("")));
        return new Citation(
                url(citation),
                text(citation.path("title")),
                quoted.isEmpty() ? null : quoted.toString(),
                null,
                null,
                new Opaque(Bedrock.ID, at, citation));
    }

    private static @Nullable String url(JsonNode citation) {
        String web = text(citation.path("location").path("web").path("url"));
        String source = text(citation.path("source"));
        boolean isUrl = source != null && source.contains("://");
        return web == null && isUrl ? source : web;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() && !node.stringValue().isEmpty() ? node.stringValue() : null;
    }

    /** A citation as it came, or what can be said of another dialect's. */
    static JsonNode write(Citation citation, WriteTerms terms) {
        if (citation.whole().isFrom(Bedrock.ID)) {
            return citation.whole().value();
        }
        if (citation.start() != null || citation.end() != null) {
            terms.dropped(citation.whole().at() + ".position");
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        if (citation.title() != null) {
            out.put("title", citation.title());
        }
        if (citation.quoted() != null) {
            out.putArray("sourceContent").addObject().put("text", citation.quoted());
        }
        if (citation.url() != null) {
            out.put("source", citation.url());
            out.putObject("location").putObject("web").put("url", citation.url());
        }
        return out;
    }
}
