package dev.tollgate.testing;

import static dev.tollgate.testing.ProviderWire.check;

import dev.tollgate.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Gemini's {@code generateContent}. */
final class GeminiWire implements ProviderWire {
    private static final Pattern PATH =
            Pattern.compile("POST /v1beta/models/([^:/]+):(generateContent|streamGenerateContent\\?alt=sse) .*");

    /** What Google takes for the signature of a call that some other model made. */
    private static final Set<String> NO_SIGNATURES =
            Set.of("skip_thought_signature_validator", "context_engineering_is_the_way_to_go");

    private final String key;

    /** @param key the one key that is let in */
    GeminiWire(String key) {
        this.key = key;
    }

    static boolean isAsked(Received request) {
        return request.line().contains("enerateContent");
    }

    @Override
    public Saying.Asked read(Received request) {
        if (!request.header("x-goog-api-key").orElse("").equals(key)) {
            throw new Unacceptable(401, "API key not valid. Please pass a valid API key.");
        }
        Matcher path = PATH.matcher(request.line());
        if (!path.matches()) {
            throw new Unacceptable(404, "no such method: " + request.line());
        }
        JsonNode body = Json.read(request.body());
        check(!body.has("model") && !body.has("stream"), "Invalid JSON payload received. Unknown name \"model\"");
        check(!body.path("contents").isEmpty(), "contents is not specified");
        checkCalls(body.path("contents"));
        return asked(path.group(1), path.group(2).startsWith("stream"), body);
    }

    private static Saying.Asked asked(String model, boolean stream, JsonNode body) {
        List<String> results = new ArrayList<>();
        List<String> images = new ArrayList<>();
        String last = "";
        for (JsonNode content : body.path("contents")) {
            if (content.path("role").asString("user").equals("user")) {
                last = text(content);
                results.clear();
                read(content, results, images);
            }
        }
        JsonNode generation = body.path("generationConfig");
        JsonNode json = generation.path("responseJsonSchema");
        return new Saying.Asked(
                model,
                stream,
                text(body.path("systemInstruction")),
                last,
                results,
                images,
                json.isObject() ? json : generation.path("responseSchema"),
                !body.path("tools").isEmpty(),
                generation.path("thinkingConfig").path("includeThoughts").asBoolean(false),
                true);
    }

    private static void read(JsonNode content, List<String> results, List<String> images) {
        for (JsonNode part : content.path("parts")) {
            if (part.has("functionResponse")) {
                JsonNode response = part.path("functionResponse").path("response");
                check(response.isObject(), "functionResponse.response must be a struct");
                response.properties()
                        .forEach(member -> results.add(member.getValue().asString("")));
            } else if (part.has("inlineData")) {
                byte[] bytes =
                        Base64.getDecoder().decode(part.at("/inlineData/data").asString());
                images.add(part.at("/inlineData/mimeType").asString() + ":" + bytes.length);
            } else if (part.has("fileData")) {
                images.add(part.at("/fileData/fileUri").asString());
            }
        }
    }

    /** As many responses as calls must follow, by the same names; signatures must be those that were given. */
    private static void checkCalls(JsonNode contents) {
        Map<String, Integer> open = new HashMap<>();
        for (JsonNode content : contents) {
            Map<String, Integer> answered = new HashMap<>();
            Map<String, Integer> calls = new HashMap<>();
            for (JsonNode part : content.path("parts")) {
                String signature = part.path("thoughtSignature").asString(Saying.SIGNATURE);
                check(
                        signature.equals(Saying.SIGNATURE) || NO_SIGNATURES.contains(signature),
                        "Corrupted thought signature.");
                if (part.has("functionCall")) {
                    check(
                            calls.size() > 0 || part.has("thoughtSignature"),
                            "Function call is missing a thought_signature");
                    calls.merge(part.at("/functionCall/name").asString(), 1, Integer::sum);
                }
                if (part.has("functionResponse")) {
                    answered.merge(part.at("/functionResponse/name").asString(), 1, Integer::sum);
                }
            }
            check(
                    answered.equals(open),
                    "the number of function response parts must equal that of function call parts");
            open = calls;
        }
        check(open.isEmpty(), "function calls without responses");
    }

    private static String text(JsonNode content) {
        StringBuilder all = new StringBuilder();
        content.path("parts").forEach(part -> all.append(part.path("text").asString("")));
        return all.toString();
    }

    @Override
    public String whole(String model, Saying saying) {
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        if (saying.thinking() != null) {
            parts.addObject().put("text", saying.thinking()).put("thought", true);
        }
        if (!saying.text().isEmpty()) {
            parts.addObject().put("text", saying.text());
        }
        calls(saying).forEach(parts::add);
        return Json.text(answer(model, parts, saying));
    }

    private static List<ObjectNode> calls(Saying saying) {
        List<ObjectNode> parts = new ArrayList<>();
        for (Saying.Use use : saying.uses()) {
            ObjectNode part = JsonNodeFactory.instance.objectNode();
            part.putObject("functionCall").put("name", use.name()).set("args", use.input());
            if (parts.isEmpty()) {
                part.put("thoughtSignature", Saying.SIGNATURE);
            }
            parts.add(part);
        }
        return parts;
    }

    /** @param saying what ends with this answer, or null for a piece that others follow */
    private static ObjectNode answer(String model, ArrayNode parts, Saying saying) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode candidate = body.putArray("candidates").addObject().put("index", 0);
        candidate.putObject("content").put("role", "model").set("parts", parts);
        ObjectNode usage = body.putObject("usageMetadata").put("promptTokenCount", Saying.INPUT);
        if (saying != null) {
            candidate.put("finishReason", saying.finish().equals("length") ? "MAX_TOKENS" : "STOP");
            usage.put("candidatesTokenCount", Saying.OUTPUT)
                    .put("cachedContentTokenCount", Saying.CACHED)
                    .put("totalTokenCount", Saying.INPUT + Saying.OUTPUT);
        }
        return body.put("modelVersion", model).put("responseId", "fake1");
    }

    @Override
    public void stream(Peer peer, Saying.Asked asked, Saying saying) throws IOException {
        if (saying.thinking() != null) {
            for (String piece : Saying.pieces(saying.thinking())) {
                piece(peer, asked.model(), part(piece).put("thought", true), null);
            }
        }
        for (String piece : Saying.pieces(saying.text())) {
            piece(peer, asked.model(), part(piece), null);
        }
        for (ObjectNode call : calls(saying)) {
            piece(peer, asked.model(), call, null);
        }
        piece(peer, asked.model(), part(""), saying);
    }

    private static ObjectNode part(String text) {
        return JsonNodeFactory.instance.objectNode().put("text", text);
    }

    private static void piece(Peer peer, String model, ObjectNode part, Saying last) throws IOException {
        peer.data(Json.text(answer(model, JsonNodeFactory.instance.arrayNode().add(part), last)));
    }

    @Override
    public void beginning(Peer peer, String model) throws IOException {
        piece(peer, model, part("The capital"), null);
    }

    @Override
    public void streamError(Peer peer, String message) throws IOException {
        peer.data(error(503, message));
    }

    @Override
    public String error(int status, String message) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        String name = switch (status) {
            case 400 -> "INVALID_ARGUMENT";
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 503 -> "UNAVAILABLE";
            default -> "INTERNAL";
        };
        body.putObject("error").put("code", status).put("message", message).put("status", name);
        return Json.text(body);
    }
}
