package dev.tollgate.dialect.embed;

import dev.tollgate.chat.EmbedRequest;
import dev.tollgate.chat.EmbedRequest.Input;
import dev.tollgate.chat.EmbedResponse;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.JsonKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's {@code /v1/embeddings}, as the many providers that imitate it speak it too. */
final class OpenAiEmbeddings implements EmbedCaller, EmbedTarget {
    static final String ID = "openai-embeddings";

    private static final int MOST_INPUTS = 2_048;
    private static final Shape SHAPE = new Shape()
            .may(JsonKind.STRING, "input", "encoding_format", "user")
            .may(JsonKind.ARRAY, "input")
            .may(JsonKind.NUMBER, "dimensions");

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public int mostInputs() {
        return MOST_INPUTS;
    }

    @Override
    public EmbedRequest readRequest(ObjectNode body) {
        Fields fields = Fields.strict(body, ID);
        String model = fields.need("model");
        List<Input> inputs = inputs(fields);
        Long dimensions = fields.whole("dimensions");
        String encoding = fields.text("encoding_format");
        if (encoding != null && !encoding.equals("float") && !encoding.equals("base64")) {
            fields.refuse("encoding_format", "float or base64");
        }
        String user = fields.text("user");
        return new EmbedRequest(
                model, inputs, dimensions, "base64".equals(encoding), task(fields), user, fields.rest());
    }

    /** OpenAI's own API has no task; those of its imitators that have one call it so. */
    private static EmbedRequest.@Nullable Task task(Fields fields) {
        JsonNode word = fields.peek("input_type");
        EmbedRequest.Task task = word == null || !word.isString() ? null : Inputs.ofInputType(word.stringValue());
        if (task != null) {
            fields.take("input_type");
        }
        return task;
    }

    private static List<Input> inputs(Fields fields) {
        JsonNode input = fields.take("input");
        List<Input> inputs = new ArrayList<>();
        if (input != null && input.isString()) {
            inputs.add(text(input));
        } else if (input != null && isNumbers(input)) {
            inputs.add(tokens(input));
        } else if (input != null) {
            for (JsonNode each : input) {
                Input read = each.isString() ? text(each) : isNumbers(each) ? tokens(each) : null;
                if (read == null) {
                    fields.refuse("input[" + inputs.size() + ']', "a string or a list of token numbers");
                } else {
                    inputs.add(read);
                }
            }
        }
        if (inputs.isEmpty()) {
            fields.refuse("input", "a string, a list of strings, or a list of token numbers, and not empty");
        }
        return inputs;
    }

    private static Input text(JsonNode text) {
        return new Input.Text(text.stringValue(), null, Extras.NONE);
    }

    private static boolean isNumbers(JsonNode list) {
        if (!list.isArray() || list.isEmpty()) {
            return false;
        }
        for (JsonNode each : list) {
            if (!each.isIntegralNumber() || !each.canConvertToLong()) {
                return false;
            }
        }
        return true;
    }

    private static Input tokens(JsonNode list) {
        List<Long> ids = new ArrayList<>(list.size());
        list.forEach(id -> ids.add(id.longValue()));
        return new Input.Tokens(ids);
    }

    @Override
    public ObjectNode writeRequest(EmbedRequest request, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", request.model());
        ArrayNode inputs = body.putArray("input");
        if (request.inputs().stream().anyMatch(Input.Tokens.class::isInstance)) {
            request.inputs().forEach(input -> tokens(input, inputs, terms));
        } else {
            Inputs.texts(request, "this target", terms).forEach(inputs::add);
        }
        if (request.dimensions() != null) {
            body.put("dimensions", request.dimensions());
        }
        if (request.user() != null) {
            body.put("user", request.user());
        }
        if (request.task() != null) {
            terms.dropped(request.extras().path("taskType"));
        }
        terms.carry(request.extras(), ID, body);
        return body;
    }

    private static void tokens(Input input, ArrayNode into, WriteTerms terms) {
        if (input instanceof Input.Tokens tokens) {
            tokens.ids().forEach(into.addArray()::add);
        } else if (input instanceof Input.Text text) {
            terms.dropped(text.extras());
            into.add(text.text());
        }
    }

    @Override
    public EmbedResponse readResponse(JsonNode body) throws BadAnswer {
        if (!(body instanceof ObjectNode object) || !body.path("data").isArray()) {
            throw new BadAnswer("the answer has no embeddings");
        }
        Fields answer = Fields.lenient(object, ID, "response");
        answer.take("object");
        String model = answer.need("model");
        JsonNode usage = answer.take("usage");
        JsonNode[] vectors = new JsonNode[body.path("data").size()];
        int place = 0;
        for (JsonNode element : answer.list("data")) {
            int index = element.path("index").asInt(place++);
            if (index < 0 || index >= vectors.length || vectors[index] != null) {
                throw new BadAnswer("the embeddings are not numbered one by one");
            }
            vectors[index] = Vectors.read(element.path("embedding"));
        }
        return new EmbedResponse(model, List.of(vectors), usage(usage), answer.rest());
    }

    private static @Nullable Usage usage(@Nullable JsonNode usage) {
        if (usage == null) {
            return null;
        }
        long prompt = Usage.count(usage.path("prompt_tokens"));
        long tokens = prompt == 0 ? Usage.count(usage.path("total_tokens")) : prompt;
        return tokens == 0 ? null : Inputs.usage(tokens);
    }

    @Override
    public ObjectNode writeResponse(EmbedRequest request, EmbedResponse response, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode data = body.putArray("data");
        for (JsonNode vector : response.vectors()) {
            ObjectNode element = data.addObject().put("object", "embedding").put("index", data.size() - 1);
            if (request.base64()) {
                element.put("embedding", Vectors.base64(vector));
            } else {
                element.set("embedding", vector);
            }
        }
        body.put("model", response.model());
        long input = response.usage() == null ? 0 : response.usage().input();
        body.putObject("usage").put("prompt_tokens", input).put("total_tokens", input);
        terms.carry(response.extras(), ID, body);
        return body;
    }
}
