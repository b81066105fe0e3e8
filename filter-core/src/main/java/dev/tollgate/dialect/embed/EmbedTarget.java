package dev.tollgate.dialect.embed;

import dev.tollgate.chat.EmbedRequest;
import dev.tollgate.chat.EmbedResponse;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.WireFormat;
import dev.tollgate.dialect.WriteTerms;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A format in which providers are asked for vectors. */
public interface EmbedTarget extends WireFormat {

    /** The most inputs that one call may have. */
    int mostInputs();

    /**
     * Writes a request for a provider.
     *
     * @param request the call; its model is already the provider's name for it
     * @throws dev.tollgate.Refusal {@link dev.tollgate.ErrorCode#CALLER_BAD_REQUEST} when an input has no form here: without it
     *     there would be vectors of something else
     */
    ObjectNode writeRequest(EmbedRequest request, WriteTerms terms);

    /**
     * Reads a provider's answer.
     *
     * @throws BadAnswer when it is not an answer in this format
     */
    EmbedResponse readResponse(JsonNode body) throws BadAnswer;
}
