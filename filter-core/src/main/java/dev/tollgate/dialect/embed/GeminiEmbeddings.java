package dev.tollgate.dialect.embed;

import dev.tollgate.Refusal;
import dev.tollgate.chat.EmbedRequest;
import dev.tollgate.chat.EmbedRequest.Input;
import dev.tollgate.chat.EmbedResponse;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.JsonKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gemini's {@code :batchEmbedContents}, and its {@code :embedContent} for callers with one input. Providers are always asked
 * for a batch.
 */
final class GeminiEmbeddings implements EmbedCaller, EmbedTarget {
    static final String ID = "gemini";

    private static final int MOST_INPUTS = 100;

    private final boolean batch;

    GeminiEmbeddings(boolean batch) {
        this.batch = batch;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public boolean modelInPath() {
        return true;
    }

    @Override
    public Shape shape() {
        return batch
                ? new Shape().must(JsonKind.ARRAY, "requests")
                : new Shape()
                        .must(JsonKind.OBJECT, "content")
                        .may(JsonKind.STRING, "taskType", "title", "model")
                        .may(JsonKind.NUMBER, "outputDimensionality");
    }

    @Override
    public int mostInputs() {
        return MOST_INPUTS;
    }

    /** One request of a batch: an input and what is asked of it. */
    private record One(
            Input input,
            @Nullable Long dimensions,
            @Nullable String task) {}

    @Override
    public EmbedRequest readRequest(ObjectNode body) {
        Fields fields = Fields.strict(body, ID);
        if (!batch) {
            return request(List.of(one(fields)), Extras.NONE);
        }
        List<One> ones = new ArrayList<>();
        for (JsonNode element : fields.list("requests")) {
            Fields inner = Objects.requireNonNull(fields.element(element, "requests", ones.size()));
            ones.add(one(inner));
        }
        if (ones.isEmpty()) {
            fields.refuse("requests", "a list that is not empty");
        }
        return request(ones, fields.rest());
    }

    private static EmbedRequest request(List<One> ones, Extras extras) {
        One first = ones.get(0);
        for (int i = 1; i < ones.size(); i++) {
            One other = ones.get(i);
            if (!Objects.equals(first.dimensions(), other.dimensions())
                    || !Objects.equals(first.task(), other.task())) {
                throw Refusal.badField(
                        "requests[" + i + ']', "all requests of a batch must ask for the same task and dimensions");
            }
        }
        return new EmbedRequest(
                "",
                ones.stream().map(One::input).toList(),
                first.dimensions(),
                false,
                first.task() == null ? null : Inputs.ofGemini(first.task()),
                null,
                extras);
    }

    private static One one(Fields fields) {
        fields.take("model");
        Fields content = fields.needObject("content");
        Long dimensions = fields.whole("outputDimensionality");
        String title = fields.text("title");
        String task = fields.text("taskType");
        JsonNode parts = content.peek("parts");
        if (parts == null || parts.isEmpty()) {
            throw Refusal.badField(
                    content.path("parts"), "'" + content.path("parts") + "' must be a list, and not empty");
        }
        JsonNode first = parts.path(0);
        boolean plain =
                parts.size() == 1 && first.size() == 1 && first.path("text").isString();
        content.take("role");
        content.take("parts");
        Extras rest = fields.rest();
        Input input = plain
                ? new Input.Text(first.path("text").stringValue(), title, rest)
                : new Input.Foreign(new Opaque(ID, content.path(), content.node()), rest);
        return new One(input, dimensions, task);
    }

    @Override
    public ObjectNode writeRequest(EmbedRequest request, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode requests = body.putArray("requests");
        request.inputs().forEach(input -> requests.add(one(request, input, terms)));
        Inputs.dropUser(request, terms);
        terms.carry(request.extras(), ID, body);
        return body;
    }

    private static ObjectNode one(EmbedRequest request, Input input, WriteTerms terms) {
        ObjectNode one = JsonNodeFactory.instance.objectNode().put("model", "models/" + request.model());
        if (input instanceof Input.Text text) {
            one.putObject("content").putArray("parts").addObject().put("text", text.text());
            if (text.title() != null) {
                one.put("title", text.title());
            }
            terms.carry(text.extras(), ID, one);
        } else if (input instanceof Input.Foreign foreign && foreign.whole().isFrom(ID)) {
            one.set("content", foreign.whole().value());
            terms.carry(foreign.extras(), ID, one);
        } else {
            throw Refusal.badField("input", "'input' must be text: Gemini takes no token numbers");
        }
        if (request.task() != null) {
            one.put("taskType", Inputs.gemini(request.task()));
        }
        if (request.dimensions() != null) {
            one.put("outputDimensionality", request.dimensions());
        }
        return one;
    }

    @Override
    public EmbedResponse readResponse(JsonNode body) throws BadAnswer {
        if (!(body instanceof ObjectNode object)) {
            throw new BadAnswer("the answer is no JSON object");
        }
        Fields answer = Fields.lenient(object, ID, "response");
        List<JsonNode> vectors = new ArrayList<>();
        for (JsonNode element : answer.list("embeddings")) {
            vectors.add(Vectors.read(element.path("values")));
        }
        JsonNode one = answer.take("embedding");
        if (one != null) {
            vectors.add(Vectors.read(one.path("values")));
        }
        if (vectors.isEmpty()) {
            throw new BadAnswer("the answer has no embeddings");
        }
        JsonNode usage = answer.take("usageMetadata");
        long tokens = usage == null ? 0 : Usage.count(usage.path("promptTokenCount"));
        return new EmbedResponse("", vectors, tokens == 0 ? null : Inputs.usage(tokens), answer.rest());
    }

    @Override
    public ObjectNode writeResponse(EmbedRequest request, EmbedResponse response, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (batch) {
            ArrayNode embeddings = body.putArray("embeddings");
            response.vectors().forEach(vector -> embeddings.addObject().set("values", vector));
        } else {
            body.putObject("embedding").set("values", response.vectors().get(0));
        }
        if (response.usage() != null) {
            body.putObject("usageMetadata")
                    .put("promptTokenCount", response.usage().input())
                    .put("totalTokenCount", response.usage().input());
        }
        terms.carry(response.extras(), ID, body);
        return body;
    }
}
