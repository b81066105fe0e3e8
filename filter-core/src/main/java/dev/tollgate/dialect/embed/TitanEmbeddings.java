package dev.tollgate.dialect.embed;

import dev.tollgate.chat.EmbedRequest;
import dev.tollgate.chat.EmbedResponse;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.WriteTerms;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Amazon Titan's embeddings, as Bedrock's InvokeModel takes them: one text at a time. */
final class TitanEmbeddings implements EmbedTarget {
    static final String ID = "bedrock-titan";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Shape shape() {
        return new Shape();
    }

    @Override
    public boolean modelInPath() {
        return true;
    }

    @Override
    public int mostInputs() {
        return 1;
    }

    @Override
    public ObjectNode writeRequest(EmbedRequest request, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("inputText", Inputs.texts(request, "Titan", terms).get(0));
        if (request.dimensions() != null) {
            body.put("dimensions", request.dimensions());
        }
        if (request.task() != null) {
            terms.dropped(request.extras().path("taskType"));
        }
        Inputs.dropUser(request, terms);
        terms.dropped(request.extras());
        return body;
    }

    @Override
    public EmbedResponse readResponse(JsonNode body) throws BadAnswer {
        if (!(body instanceof ObjectNode object)) {
            throw new BadAnswer("the answer is no JSON object");
        }
        Fields answer = Fields.lenient(object, ID, "response");
        JsonNode vector = answer.take("embedding");
        answer.take("embeddingsByType");
        JsonNode floats = vector == null ? body.at("/embeddingsByType/float") : vector;
        JsonNode count = answer.take("inputTextTokenCount");
        long tokens = count == null ? 0 : Usage.count(count);
        return new EmbedResponse(
                "", List.of(Vectors.read(floats)), tokens == 0 ? null : Inputs.usage(tokens), answer.rest());
    }
}
