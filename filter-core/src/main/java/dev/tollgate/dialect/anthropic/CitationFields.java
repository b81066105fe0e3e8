package dev.tollgate.dialect.anthropic;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Opaque;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Seal;
import dev.tollgate.dialect.WriteTerms;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The {@code citations} of a text block: places in documents, web pages, search results. They are for all of the block. */
final class CitationFields {
    static final String MEMBER = "citations";

    /** What a web page's citation must bring back; in another dialect's it holds the citation itself, sealed. */
    private static final String INDEX = "encrypted_index";

    private CitationFields() {}

    static List<Citation> read(Fields block) {
        JsonNode given = block.peek(MEMBER);
        if (given == null || !given.isArray() || given.isEmpty()) {
            return List.of();
        }
        block.take(MEMBER);
        List<Citation> citations = new ArrayList<>();
        given.forEach(each -> citations.add(read(each, block.path(MEMBER))));
        return citations;
    }

    static Citation read(JsonNode given, String at) {
        Opaque whole =
                Seal.open(given.path(INDEX).asString(""), at).orElseGet(() -> new Opaque(Anthropic.ID, at, given));
        String source = given.path("source").asString(null);
        String title = given.path("title").asString(null);
        return new Citation(
                given.path("url").asString(source != null && source.startsWith("http") ? source : null),
                title == null ? given.path("document_title").asString(null) : title,
                given.path("cited_text").asString(null),
                null,
                null,
                whole);
    }

    /** Whether a citation is another dialect's. */
    static boolean isSealed(JsonNode citation) {
        return Seal.isClosed(citation.path(INDEX).asString(""));
    }

    /** The citation as a caller is shown it; null where it cannot be, which is noted. */
    static @Nullable JsonNode write(Citation citation, WriteTerms terms) {
        if (citation.whole().isFrom(Anthropic.ID)) {
            return citation.whole().value();
        }
        if (citation.url() == null) {
            terms.dropped(citation.whole());
            return null;
        }
        ObjectNode written = JsonNodeFactory.instance.objectNode().put("type", "web_search_result_location");
        written.put("cited_text", citation.quoted() == null ? "" : citation.quoted());
        written.put("url", citation.url()).put("title", citation.title());
        return written.put(INDEX, Seal.close(citation.whole(), terms.providerFamily()));
    }
}
