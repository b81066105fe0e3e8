package dev.tollgate.dialect.rerank;

import dev.tollgate.chat.RerankRequest;
import dev.tollgate.chat.RerankResponse;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.WriteTerms;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Voyage's {@code /v1/rerank}. */
final class VoyageRerank implements RerankTarget {
    static final String ID = "voyage";

    @Override
    public ObjectNode writeRequest(RerankRequest request, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", request.model());
        body.put("query", request.query());
        request.documents().forEach(body.putArray("documents")::add);
        if (request.most() != null) {
            body.put("top_k", request.most());
        }
        terms.carry(request.extras(), ID, body);
        return body;
    }

    @Override
    public RerankResponse readResponse(JsonNode body) throws BadAnswer {
        return CohereRerank.read(body, "data");
    }
}
