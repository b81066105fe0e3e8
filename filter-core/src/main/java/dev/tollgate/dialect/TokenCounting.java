package dev.tollgate.dialect;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.TokenCount;
import dev.tollgate.json.JsonDocument;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How a dialect asks for the number of tokens that a chat would have, and is told. It has the id of its dialect. */
public interface TokenCounting extends WireFormat {

    /**
     * Reads a caller's request as the chat whose tokens it asks for.
     *
     * @throws dev.tollgate.Refusal {@link dev.tollgate.ErrorCode#CALLER_BAD_REQUEST} naming the field at fault
     */
    ChatRequest readRequest(ObjectNode body);

    /**
     * Writes a request for a provider that counts in this dialect.
     *
     * @param request the chat; its model is already the provider's name for it
     */
    ObjectNode writeRequest(ChatRequest request, WriteTerms terms);

    /**
     * A caller's own request for a provider of the same dialect, where the body must say it otherwise than the caller did: it
     * names its model deeper than at the top level, or providers of this dialect differ in how they want it.
     *
     * @param model the provider's name of the model
     */
    default JsonDocument forTarget(JsonDocument body, String model, WriteTerms terms) {
        return body;
    }

    /**
     * Reads a provider's count.
     *
     * @throws BadAnswer when it is none in this dialect
     */
    TokenCount readCount(JsonNode body) throws BadAnswer;

    /** Writes a count for a caller who speaks this dialect. */
    ObjectNode writeCount(TokenCount count, WriteTerms terms);
}
