package dev.tollgate.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call to order documents by what they have to do with a question, in no provider's format.
 *
 * @param model the model name as the caller gave it
 * @param documents their texts
 * @param most how many of them, the best first, the caller wants to hear of; null for all
 * @param withDocuments whether the answer is to repeat the documents
 * @param extras fields that only the caller's format knows
 */
public record RerankRequest(
        String model,
        String query,
        List<String> documents,
        @Nullable Long most,
        boolean withDocuments,
        Extras extras) {

    public RerankRequest {
        documents = List.copyOf(documents);
    }

    /** The same call for another model. */
    public RerankRequest to(String other) {
        return new RerankRequest(other, query, documents, most, withDocuments, extras);
    }
}
