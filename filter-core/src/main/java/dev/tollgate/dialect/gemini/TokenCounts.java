package dev.tollgate.dialect.gemini;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.TokenCount;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.TokenCounting;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.json.JsonKind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The format of {@code countTokens}: a request to answer, plain or in a wrapper, and a count.
 *
 * @see <a href="https://ai.google.dev/api/tokens">Counting tokens</a>
 */
final class TokenCounts implements TokenCounting {
    private static final String WRAPPER = "generateContentRequest";
    private static final String TOTAL = "totalTokens";
    private static final Shape SHAPE = new Shape()
            .may(JsonKind.ARRAY, "contents")
            .may(JsonKind.OBJECT, "contents", WRAPPER, "generate_content_request");

    @Override
    public String id() {
        return Gemini.ID;
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public boolean modelInPath() {
        return true;
    }

    @Override
    public ChatRequest readRequest(ObjectNode body) {
        ObjectNode tidy = ProtoJson.tidy(body);
        JsonNode wrapped = tidy.get(WRAPPER);
        if (wrapped == null || wrapped.isNull()) {
            return RequestReader.read(tidy);
        }
        if (wrapped instanceof ObjectNode request) {
            return RequestReader.read(request);
        }
        throw Refusal.badField(WRAPPER, "'" + WRAPPER + "' must be an object");
    }

    @Override
    public ObjectNode writeRequest(ChatRequest request, WriteTerms terms) {
        return told(RequestWriter.write(request, terms), request.model(), terms);
    }

    /** Vertex AI takes the request itself; the Gemini API takes one with more than contents in the wrapper alone. */
    private static ObjectNode told(ObjectNode plain, String model, WriteTerms terms) {
        if (terms.providerFamily().contains("vertex") || plain.size() == 1) {
            return plain;
        }
        plain.put("model", "models/" + model);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set(WRAPPER, plain);
        return body;
    }

    /** The wrapper repeats the model, by the name that the caller knows. */
    @Override
    public JsonDocument forTarget(JsonDocument body, String model, WriteTerms terms) {
        boolean wrapped = body.has(WRAPPER) || body.has("generate_content_request");
        if (!wrapped && body.tree().size() == 1) {
            return body;
        }
        ObjectNode tidy = ProtoJson.tidy(body.tree());
        ObjectNode plain = tidy.get(WRAPPER) instanceof ObjectNode request ? request : tidy;
        plain.remove("model");
        return JsonDocument.parse(Json.write(told(plain, model, terms)));
    }

    @Override
    public TokenCount readCount(JsonNode body) throws BadAnswer {
        if (!(body instanceof ObjectNode object) || !body.path(TOTAL).isIntegralNumber()) {
            throw new BadAnswer("the answer counts no tokens");
        }
        Fields count = Fields.lenient(object, Gemini.ID, "response");
        count.take(TOTAL);
        count.label("promptTokensDetails", "cacheTokensDetails", "totalBillableCharacters");
        return new TokenCount(Usage.count(body.path(TOTAL)), count.rest());
    }

    @Override
    public ObjectNode writeCount(TokenCount count, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put(TOTAL, count.input());
        terms.carryCounts(count.extras(), Gemini.ID, body);
        return body;
    }
}
