package dev.tollgate.dialect.embed;

import dev.tollgate.chat.EmbedRequest;
import dev.tollgate.chat.EmbedRequest.Task;
import dev.tollgate.chat.EmbedResponse;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.WriteTerms;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's embeddings as Voyage and Jina have them, who refuse a call for any field that they do not know. Both refuse what
 * OpenAI's own SDKs say without being asked, {@code encoding_format}: so they are never told one, and send numbers.
 */
final class StrictEmbeddings implements EmbedTarget {
    static final StrictEmbeddings VOYAGE = new StrictEmbeddings("voyage", "output_dimension", 1_000);
    static final StrictEmbeddings JINA = new StrictEmbeddings("jina", "dimensions", 2_048);

    private static final OpenAiEmbeddings LIKE = new OpenAiEmbeddings();

    private final String id;
    private final String dimensions;
    private final int mostInputs;

    private StrictEmbeddings(String id, String dimensions, int mostInputs) {
        this.id = id;
        this.dimensions = dimensions;
        this.mostInputs = mostInputs;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Shape shape() {
        return new Shape();
    }

    @Override
    public int mostInputs() {
        return mostInputs;
    }

    @Override
    public ObjectNode writeRequest(EmbedRequest request, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", request.model());
        Inputs.texts(request, "this target", terms).forEach(body.putArray("input")::add);
        if (request.dimensions() != null) {
            body.put(dimensions, request.dimensions());
        }
        if (request.task() != null) {
            task(request, request.task(), body, terms);
        }
        Inputs.dropUser(request, terms);
        // Callers of OpenAI's format say the target's own fields beside it.
        terms.carry(request.extras(), OpenAiEmbeddings.ID, body);
        return body;
    }

    /** Voyage tells questions from what answers them; Jina's words for that are other ones for each model. */
    private void task(EmbedRequest request, Task task, ObjectNode body, WriteTerms terms) {
        if (this == VOYAGE && task == Task.QUERY) {
            body.put("input_type", "query");
        } else if (this == VOYAGE && task == Task.DOCUMENT) {
            body.put("input_type", "document");
        } else {
            boolean openAi = request.extras().isFrom(OpenAiEmbeddings.ID);
            terms.dropped(openAi ? "input_type" : request.extras().path("taskType"));
        }
    }

    @Override
    public EmbedResponse readResponse(JsonNode body) throws BadAnswer {
        return LIKE.readResponse(body);
    }
}
