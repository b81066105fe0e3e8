package dev.tollgate.dialect.embed;

import dev.tollgate.chat.EmbedRequest;
import dev.tollgate.chat.EmbedResponse;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.WriteTerms;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Cohere's {@code /v2/embed}, which Bedrock's InvokeModel takes too for its models, with the model in the path. */
final class CohereEmbeddings implements EmbedTarget {
    static final String ID = "cohere";
    static final String BEDROCK = "bedrock-cohere";

    private static final int MOST_INPUTS = 96;

    /** Cohere insists on a task; who does not say one most often fills an index. */
    private static final String OTHERWISE = "search_document";

    private final String id;

    CohereEmbeddings(String id) {
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean modelInPath() {
        return id.equals(BEDROCK);
    }

    @Override
    public Shape shape() {
        return new Shape();
    }

    @Override
    public int mostInputs() {
        return MOST_INPUTS;
    }

    @Override
    public ObjectNode writeRequest(EmbedRequest request, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (!modelInPath()) {
            body.put("model", request.model());
        }
        Inputs.texts(request, "Cohere", terms).forEach(body.putArray("texts")::add);
        body.put("input_type", inputType(request.task(), request, terms));
        body.putArray("embedding_types").add("float");
        if (request.dimensions() != null) {
            body.put("output_dimension", request.dimensions());
        }
        Inputs.dropUser(request, terms);
        terms.carry(request.extras(), ID, body);
        return body;
    }

    private static String inputType(EmbedRequest.@Nullable Task task, EmbedRequest request, WriteTerms terms) {
        String word = task == null ? OTHERWISE : Inputs.cohere(task);
        if (word == null) {
            terms.dropped(request.extras().path("taskType"));
        }
        return word == null ? OTHERWISE : word;
    }

    @Override
    public EmbedResponse readResponse(JsonNode body) throws BadAnswer {
        if (!(body instanceof ObjectNode object)) {
            throw new BadAnswer("the answer is no JSON object");
        }
        Fields answer = Fields.lenient(object, ID, "response");
        JsonNode embeddings = answer.take("embeddings");
        JsonNode floats = embeddings != null && embeddings.isObject() ? embeddings.path("float") : embeddings;
        List<JsonNode> vectors = new ArrayList<>();
        for (JsonNode vector : floats == null ? List.<JsonNode>of() : floats) {
            vectors.add(Vectors.read(vector));
        }
        if (vectors.isEmpty()) {
            throw new BadAnswer("the answer has no embeddings");
        }
        for (String known : List.of("id", "texts", "response_type", "meta", "images")) {
            answer.take(known);
        }
        long tokens = Usage.count(body.at("/meta/billed_units/input_tokens"));
        return new EmbedResponse("", vectors, tokens == 0 ? null : Inputs.usage(tokens), answer.rest());
    }
}
