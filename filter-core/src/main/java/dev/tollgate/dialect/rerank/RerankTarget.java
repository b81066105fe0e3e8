package dev.tollgate.dialect.rerank;

import dev.tollgate.chat.RerankRequest;
import dev.tollgate.chat.RerankResponse;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.WriteTerms;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A format in which providers are asked to rerank. */
interface RerankTarget {

    /** Writes a request for a provider; its model is already the provider's name for it. */
    ObjectNode writeRequest(RerankRequest request, WriteTerms terms);

    /**
     * Reads a provider's answer.
     *
     * @throws BadAnswer when it is not an answer in this format
     */
    RerankResponse readResponse(JsonNode body) throws BadAnswer;
}
