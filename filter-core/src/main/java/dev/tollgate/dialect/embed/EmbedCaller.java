package dev.tollgate.dialect.embed;

import dev.tollgate.chat.EmbedRequest;
import dev.tollgate.chat.EmbedResponse;
import dev.tollgate.dialect.WireFormat;
import dev.tollgate.dialect.WriteTerms;
import tools.jackson.databind.node.ObjectNode;

/** A format in which callers ask for vectors. */
public interface EmbedCaller extends WireFormat {

    /**
     * Reads a caller's request.
     *
     * @throws dev.tollgate.Refusal {@link dev.tollgate.ErrorCode#CALLER_BAD_REQUEST} naming the field at fault
     */
    EmbedRequest readRequest(ObjectNode body);

    /**
     * Writes an answer for a caller.
     *
     * @param response the answer; its usage is known, if only by an estimate
     */
    ObjectNode writeResponse(EmbedRequest request, EmbedResponse response, WriteTerms terms);
}
