package dev.tollgate.forward;

import dev.tollgate.Refusal;
import dev.tollgate.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The echo provider's answers in OpenAI's format for chat completions, in one piece and in chunks. */
final class EchoWire {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final EchoAnswer answer;
    private final long created;

    /** @param created when the answer was made, in seconds since 1970 */
    EchoWire(EchoAnswer answer, long created) {
        this.answer = answer;
        this.created = created;
    }

    static byte[] error(Refusal refusal) {
        ObjectNode body = NODES.objectNode();
        body.putObject("error")
                .put("message", refusal.message())
                .put("type", "invalid_request_error")
                .put("param", refusal.param().orElse(null))
                .putNull("code");
        return Json.write(body);
    }

    /** The answer in one piece. */
    byte[] whole() {
        ObjectNode body = envelope("chat.completion");
        ArrayNode choices = body.putArray("choices");
        for (int index = 0; index < answer.choices(); index++) {
            ObjectNode choice = choices.addObject().put("index", index);
            choice.set("message", message());
            choice.putNull("logprobs").put("finish_reason", answer.finish());
        }
        body.set("usage", usage());
        return Json.write(body);
    }

    private ObjectNode message() {
        ObjectNode message = NODES.objectNode().put("role", "assistant").put("content", answer.text());
        if (!answer.calls().isEmpty()) {
            ArrayNode calls = message.putArray("tool_calls");
            answer.calls().forEach(call -> calls.add(toolCall(call, call.arguments())));
        }
        message.putNull("refusal").putArray("annotations");
        return message;
    }

    static ObjectNode toolCall(EchoAnswer.Call call, String arguments) {
        ObjectNode node = NODES.objectNode().put("id", call.id()).put("type", "function");
        node.putObject("function").put("name", call.name()).put("arguments", arguments);
        return node;
    }

    /** One chunk of the streamed answer. */
    ObjectNode chunk(int index, ObjectNode delta, @Nullable String finish) {
        ObjectNode chunk = envelope("chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", finish);
        return chunk;
    }

    /** The chunk that tells the usage and nothing else. */
    ObjectNode usageChunk() {
        ObjectNode chunk = envelope("chat.completion.chunk");
        chunk.putArray("choices");
        chunk.set("usage", usage());
        return chunk;
    }

    private ObjectNode envelope(String object) {
        return NODES.objectNode()
                .put("id", answer.id())
                .put("object", object)
                .put("created", created)
                .put("model", answer.model())
                .put("service_tier", "default")
                .put("system_fingerprint", "fp_echo");
    }

    private ObjectNode usage() {
        ObjectNode usage = NODES.objectNode()
                .put("prompt_tokens", answer.promptTokens())
                .put("completion_tokens", answer.completionTokens())
                .put("total_tokens", answer.promptTokens() + answer.completionTokens());
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0).put("audio_tokens", 0);
        usage.putObject("completion_tokens_details")
                .put("reasoning_tokens", 0)
                .put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0)
                .put("rejected_prediction_tokens", 0);
        return usage;
    }
}
