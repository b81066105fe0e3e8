package dev.tollgate.dialect.rerank;

import dev.tollgate.Refusal;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.RerankRequest;
import dev.tollgate.chat.RerankResponse;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.WireFormat;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.json.JsonKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Cohere's {@code /v2/rerank}, and what callers of its {@code /v1/rerank} say besides; vLLM, llama.cpp, Jina and others
 * imitate it.
 */
final class CohereRerank implements WireFormat, RerankTarget {
    static final String ID = "cohere";

    private static final Shape SHAPE = new Shape()
            .must(JsonKind.STRING, "query")
            .must(JsonKind.ARRAY, "documents")
            .may(JsonKind.NUMBER, "top_n")
            .may(JsonKind.BOOLEAN, "return_documents");

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    /** Whether a request says nothing that only the first version of the endpoint knows. */
    static boolean isPlain(JsonDocument body) {
        if (body.has("return_documents") || body.has("rank_fields")) {
            return false;
        }
        for (JsonNode document : body.tree().path("documents")) {
            if (!document.isString()) {
                return false;
            }
        }
        return true;
    }

    RerankRequest readRequest(ObjectNode body) {
        Fields fields = Fields.strict(body, ID);
        String model = fields.need("model");
        String query = fields.need("query");
        List<String> documents = new ArrayList<>();
        for (JsonNode document : fields.list("documents")) {
            documents.add(text(document, documents.size()));
        }
        if (documents.isEmpty()) {
            fields.refuse("documents", "a list of texts, and not empty");
        }
        Long most = fields.whole("top_n");
        boolean withDocuments = Boolean.TRUE.equals(fields.flag("return_documents"));
        return new RerankRequest(model, query, documents, most, withDocuments, fields.rest());
    }

    private static String text(JsonNode document, int index) {
        JsonNode text = document.isString() ? document : document.path("text");
        if (!text.isString()) {
            String at = "documents[" + index + ']';
            throw Refusal.badField(at, "'" + at + "' must be a string, or an object with a 'text'");
        }
        return text.stringValue();
    }

    @Override
    public ObjectNode writeRequest(RerankRequest request, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", request.model());
        body.put("query", request.query());
        request.documents().forEach(body.putArray("documents")::add);
        if (request.most() != null) {
            body.put("top_n", request.most());
        }
        terms.carry(request.extras(), ID, body);
        return body;
    }

    @Override
    public RerankResponse readResponse(JsonNode body) throws BadAnswer {
        return read(body, "results");
    }

    /** An answer whose results stand under this name. */
    static RerankResponse read(JsonNode body, String results) throws BadAnswer {
        if (!(body instanceof ObjectNode object) || !body.path(results).isArray()) {
            throw new BadAnswer("the answer has no results");
        }
        Fields answer = Fields.lenient(object, ID, "response");
        answer.take("object");
        String id = answer.need("id");
        String model = answer.need("model");
        JsonNode meta = answer.take("meta");
        JsonNode usage = answer.take("usage");
        List<RerankResponse.Result> read = new ArrayList<>();
        for (JsonNode result : answer.list(results)) {
            read.add(result(result));
        }
        return new RerankResponse(id, model, read, usage(meta, usage), answer.rest());
    }

    private static RerankResponse.Result result(JsonNode result) throws BadAnswer {
        JsonNode index = result.path("index");
        JsonNode score = result.has("relevance_score") ? result.path("relevance_score") : result.path("score");
        if (!index.isIntegralNumber() || !score.isNumber() || index.asInt(-1) < 0) {
            throw new BadAnswer("a result has no index or no score");
        }
        return new RerankResponse.Result(index.asInt(-1), score);
    }

    /** Tokens where they are counted. Cohere counts searches, which are no tokens, and are kept beside them. */
    private static @Nullable Usage usage(@Nullable JsonNode meta, @Nullable JsonNode usage) {
        JsonNode units = meta == null ? null : meta.get("billed_units");
        long tokens = usage == null ? 0 : Usage.count(usage.path("total_tokens"));
        if (usage == null && units == null) {
            return null;
        }
        Map<String, JsonNode> searches = new LinkedHashMap<>();
        if (units != null && units.has("search_units")) {
            searches.put("search_units", units.path("search_units"));
        }
        return new Usage(tokens, 0, 0, 0, 0, 0, 0, 0, new Extras(ID, "response.usage", searches));
    }

    ObjectNode writeResponse(RerankRequest request, RerankResponse response, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("id", response.id());
        body.put("model", response.model());
        ArrayNode results = body.putArray("results");
        for (RerankResponse.Result result : response.results()) {
            ObjectNode node = results.addObject().put("index", result.index());
            node.set("relevance_score", result.score());
            if (request.withDocuments()) {
                node.putObject("document").put("text", request.documents().get(result.index()));
            }
        }
        usage(response.usage(), body);
        terms.carry(response.extras(), ID, body);
        return body;
    }

    private static void usage(@Nullable Usage usage, ObjectNode body) {
        if (usage == null) {
            return;
        }
        JsonNode searches = usage.extras().fields().get("search_units");
        if (searches != null) {
            body.putObject("meta").putObject("billed_units").set("search_units", searches);
        }
        if (usage.input() > 0) {
            body.putObject("usage").put("total_tokens", usage.input());
        }
    }
}
