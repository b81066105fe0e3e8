package dev.tollgate.forward;

import dev.tollgate.Refusal;
import dev.tollgate.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The model behind the echo provider: it answers an OpenAI chat request with the last thing said to it, and the same request
 * always with the same answer. It counts one token for every four bytes of text, rounded up.
 */
final class EchoModel {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int BYTES_PER_TOKEN = 4;
    private static final int MOST_CHOICES = 128;

    /** What all alternatives together may hold, in bytes of text: a whole answer is made in memory. */
    private static final long MOST_ANSWER_BYTES = 32L << 20;

    private final JsonNode request;
    private final String seed;

    private EchoModel(JsonNode request, String seed) {
        this.request = request;
        this.seed = seed;
    }

    /** @throws Refusal when a field of the request is missing or mistyped */
    static EchoAnswer answer(JsonNode request, byte[] body) {
        String seed = HexFormat.of().toHexDigits(UUID.nameUUIDFromBytes(body).getMostSignificantBits());
        return new EchoModel(request, seed).answer();
    }

    private EchoAnswer answer() {
        JsonNode messages = request.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw Refusal.badField("messages", "'messages' must be a list of at least one message");
        }
        if (!request.path("model").isString()) {
            throw Refusal.badField("model", "'model' must be the name of a model");
        }
        int choices = (int) number("n", 1, MOST_CHOICES, 1);
        String results = toolResults(messages);
        String said = results == null ? lastSaid(messages) : results;
        List<EchoAnswer.Call> calls = results == null ? calls(said) : List.of();
        return calls.isEmpty() ? text(choices, said) : toolCalls(choices, calls);
    }

    private EchoAnswer text(int choices, String said) {
        String whole = untilStop(formatted(said));
        long most =
                number("max_completion_tokens", 1, Integer.MAX_VALUE, number("max_tokens", 1, Integer.MAX_VALUE, -1));
        String text = most < 0 ? whole : firstBytes(whole, most * BYTES_PER_TOKEN);
        String finish = text.length() < whole.length() ? "length" : "stop";
        return answer(choices, text, List.of(), finish, bytes(text));
    }

    private EchoAnswer toolCalls(int choices, List<EchoAnswer.Call> calls) {
        long bytes = 0;
        for (EchoAnswer.Call call : calls) {
            bytes += bytes(call.name()) + bytes(call.arguments());
        }
        return answer(choices, null, calls, "tool_calls", bytes);
    }

    private EchoAnswer answer(
            int choices, @Nullable String text, List<EchoAnswer.Call> calls, String finish, long answerBytes) {
        if (choices > 1 && choices * answerBytes > MOST_ANSWER_BYTES) {
            throw Refusal.badField("n", "'n' answers of this length are more than the echo provider makes");
        }
        long prompt = 0;
        for (JsonNode message : request.path("messages")) {
            prompt += bytes(text(message.path("content")));
            for (JsonNode call : message.path("tool_calls")) {
                prompt += bytes(call.path("function").path("arguments").asString(""));
            }
        }
        String model = request.path("model").stringValue();
        return new EchoAnswer(
                "chatcmpl-" + seed, model, choices, text, calls, finish, tokens(prompt), choices * tokens(answerBytes));
    }

    private List<EchoAnswer.Call> calls(String said) {
        List<EchoAnswer.Call> calls = new ArrayList<>();
        for (Map.Entry<String, String> call : new EchoTools(request).calls(said)) {
            calls.add(new EchoAnswer.Call("call_" + seed + calls.size(), call.getKey(), call.getValue()));
        }
        return calls;
    }

    private String formatted(String said) {
        JsonNode format = request.path("response_format");
        return switch (format.path("type").asString("text")) {
            case "json_schema" ->
                Json.text(SchemaSample.of(format.path("json_schema").path("schema")));
            case "json_object" -> Json.text(NODES.objectNode().put("echo", said));
            default -> "Echo: " + said;
        };
    }

    private String untilStop(String text) {
        JsonNode stop = request.path("stop");
        int end = text.length();
        for (JsonNode one : stop.isArray() ? stop : NODES.arrayNode().add(stop)) {
            String sequence = one.isString() ? one.stringValue() : "";
            int at = sequence.isEmpty() ? -1 : text.indexOf(sequence);
            end = at >= 0 ? Math.min(end, at) : end;
        }
        return text.substring(0, end);
    }

    /** What tools have answered since the model last spoke, or null when the last word was not a tool's. */
    private static @Nullable String toolResults(JsonNode messages) {
        List<String> results = new ArrayList<>();
        for (int at = messages.size() - 1; at >= 0 && isFrom(messages.get(at), "tool"); at--) {
            results.add(0, text(messages.get(at).path("content")));
        }
        return results.isEmpty() ? null : String.join("\n", results);
    }

    private static String lastSaid(JsonNode messages) {
        for (int at = messages.size() - 1; at >= 0; at--) {
            if (isFrom(messages.get(at), "user")) {
                return text(messages.get(at).path("content"));
            }
        }
        return text(messages.get(messages.size() - 1).path("content"));
    }

    private static boolean isFrom(JsonNode message, String role) {
        return message.path("role").asString("").equals(role);
    }

    /** The text of a message; parts that are not text stand as their type in brackets. */
    private static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.asString("");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            String type = part.path("type").asString("?");
            text.append(type.equals("text") ? part.path("text").asString("") : "[" + type + "]");
        }
        return text.toString();
    }

    private long number(String field, long least, long most, long otherwise) {
        JsonNode node = request.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return otherwise;
        }
        if (!node.isIntegralNumber()
                || !node.canConvertToLong()
                || node.longValue() < least
                || node.longValue() > most) {
            throw Refusal.badField(field, "'" + field + "' must be a whole number from " + least + " to " + most);
        }
        return node.longValue();
    }

    /** The start of a text that is at most so many bytes of UTF-8, whole characters only. */
    private static String firstBytes(String text, long most) {
        long bytes = 0;
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            bytes += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            if (bytes > most) {
                break;
            }
            at += Character.charCount(character);
        }
        return text.substring(0, at);
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static long tokens(long bytes) {
        return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
    }
}
