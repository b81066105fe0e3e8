package dev.tollgate.testing;

import static dev.tollgate.testing.ProviderWire.check;

import dev.tollgate.json.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a fake provider embeds, in the formats of OpenAI, Gemini and Cohere: a vector that tells how long the text was. */
public final class FakeEmbeddings {
    /** How many input tokens it always reports. */
    public static final long TOKENS = 7;

    private FakeEmbeddings() {}

    /** The vector of a text. */
    public static List<Float> vector(String text) {
        return List.of(text.length() / 8f, 0.5f, -1.25f);
    }

    static boolean isAsked(Received request) {
        return isOpenAi(request) || isGemini(request) || isCohere(request);
    }

    private static boolean isOpenAi(Received request) {
        return request.line().startsWith("POST /v1/embeddings ");
    }

    private static boolean isGemini(Received request) {
        return request.line().contains(":batchEmbedContents ");
    }

    private static boolean isCohere(Received request) {
        return request.line().startsWith("POST /v2/embed ");
    }

    static String answer(Received request) {
        JsonNode body = Json.read(request.body());
        return Json.text(
                isOpenAi(request) ? openAi(body) : isGemini(request) ? gemini(request, body) : cohere(request, body));
    }

    private static ObjectNode openAi(JsonNode body) {
        ObjectNode answer = node().put("object", "list").put("model", "fake-embedding");
        ArrayNode data = answer.putArray("data");
        boolean base64 = body.path("encoding_format").asString("float").equals("base64");
        for (String text : texts(body.path("input"))) {
            ObjectNode one = data.addObject().put("object", "embedding").put("index", data.size() - 1);
            if (base64) {
                one.put("embedding", base64(vector(text)));
            } else {
                one.set("embedding", values(vector(text)));
            }
        }
        answer.putObject("usage").put("prompt_tokens", TOKENS).put("total_tokens", TOKENS);
        return answer;
    }

    private static String base64(List<Float> vector) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * vector.size()).order(ByteOrder.LITTLE_ENDIAN);
        vector.forEach(bytes::putFloat);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static ObjectNode gemini(Received request, JsonNode body) {
        check(request.header("x-goog-api-key").isPresent(), "Please pass a valid API key.");
        ObjectNode answer = node();
        ArrayNode embeddings = answer.putArray("embeddings");
        for (JsonNode one : body.path("requests")) {
            check(one.path("model").asString("").startsWith("models/"), "unexpected model name format");
            StringBuilder text = new StringBuilder();
            one.path("content")
                    .path("parts")
                    .forEach(part -> text.append(part.path("text").asString("")));
            embeddings.addObject().set("values", values(vector(text.toString())));
        }
        answer.putObject("usageMetadata").put("promptTokenCount", TOKENS).put("totalTokenCount", TOKENS);
        return answer;
    }

    private static ObjectNode cohere(Received request, JsonNode body) {
        check(request.header("authorization").isPresent(), "no api key supplied");
        check(body.path("input_type").isString(), "valid input_type must be provided with the provided model");
        ObjectNode answer = node().put("id", "0a1b").put("response_type", "embeddings_by_type");
        ArrayNode floats = answer.putObject("embeddings").putArray("float");
        texts(body.path("texts")).forEach(text -> floats.add(values(vector(text))));
        answer.set("texts", body.path("texts"));
        ObjectNode meta = answer.putObject("meta");
        meta.putObject("api_version").put("version", "2");
        meta.putObject("billed_units").put("input_tokens", TOKENS);
        return answer;
    }

    private static List<String> texts(JsonNode input) {
        List<String> texts = new ArrayList<>();
        if (input.isString()) {
            texts.add(input.stringValue());
        }
        input.forEach(text -> texts.add(text.asString()));
        check(!texts.isEmpty(), "nothing to embed");
        return texts;
    }

    private static ArrayNode values(List<Float> vector) {
        ArrayNode values = JsonNodeFactory.instance.arrayNode();
        vector.forEach(values::add);
        return values;
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }
}
