package dev.tollgate.dialect.embed;

import dev.tollgate.chat.EmbedRequest;
import dev.tollgate.chat.EmbedRequest.Input;
import dev.tollgate.chat.EmbedResponse;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.WriteTerms;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Vertex AI's {@code :predict} of its embedding models. */
final class VertexEmbeddings implements EmbedTarget {
    static final String ID = "vertex";

    private static final int MOST_INPUTS = 250;

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
        return MOST_INPUTS;
    }

    @Override
    public ObjectNode writeRequest(EmbedRequest request, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode instances = body.putArray("instances");
        for (String text : Inputs.texts(request, "this target", new WriteTerms(terms.quirks(), "", 1))) {
            instances.addObject().put("content", text);
        }
        for (int i = 0; i < instances.size(); i++) {
            instance((ObjectNode) instances.get(i), request, request.inputs().get(i), terms);
        }
        if (request.dimensions() != null) {
            body.putObject("parameters").put("outputDimensionality", request.dimensions());
        }
        Inputs.dropUser(request, terms);
        terms.dropped(request.extras());
        return body;
    }

    private static void instance(ObjectNode instance, EmbedRequest request, Input input, WriteTerms terms) {
        if (request.task() != null) {
            instance.put("task_type", Inputs.gemini(request.task()));
        }
        if (input instanceof Input.Text text) {
            terms.dropped(text.extras());
            if (text.title() != null) {
                instance.put("title", text.title());
            }
        }
    }

    @Override
    public EmbedResponse readResponse(JsonNode body) throws BadAnswer {
        if (!(body instanceof ObjectNode object) || body.path("predictions").isEmpty()) {
            throw new BadAnswer("the answer has no embeddings");
        }
        Fields answer = Fields.lenient(object, ID, "response");
        List<JsonNode> vectors = new ArrayList<>();
        long tokens = 0;
        for (JsonNode prediction : answer.list("predictions")) {
            JsonNode embedding = prediction.path("embeddings");
            vectors.add(Vectors.read(embedding.path("values")));
            tokens += Usage.count(embedding.at("/statistics/token_count"));
        }
        answer.take("metadata");
        return new EmbedResponse("", vectors, tokens == 0 ? null : Inputs.usage(tokens), answer.rest());
    }
}
