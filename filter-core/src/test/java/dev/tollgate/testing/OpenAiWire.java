package dev.tollgate.testing;

import static dev.tollgate.testing.ProviderWire.check;

import dev.tollgate.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's chat completions. */
final class OpenAiWire implements ProviderWire {
    private final String key;

    /** @param key the one key that is let in */
    OpenAiWire(String key) {
        this.key = key;
    }

    @Override
    public Saying.Asked read(Received request) {
        if (!request.header("authorization").orElse("").equals("Bearer " + key)) {
            throw new Unacceptable(401, "Incorrect API key provided");
        }
        JsonNode body = Json.read(request.body());
        check(body.path("model").isString(), "you must provide a model parameter");
        check(body.path("messages").isArray() && !body.path("messages").isEmpty(), "'messages' is empty");
        boolean stream = body.path("stream").asBoolean(false);
        check(stream || !body.has("stream_options"), "stream_options is only allowed when stream is true");
        checkCalls(body.path("messages"));
        body.path("tools")
                .forEach(tool -> check(
                        tool.path("type").asString("").equals("function")
                                && tool.path("function").path("name").isString(),
                        "a tool is no function"));
        return asked(body, stream);
    }

    private static Saying.Asked asked(JsonNode body, boolean stream) {
        StringBuilder system = new StringBuilder();
        List<String> results = new ArrayList<>();
        List<String> images = new ArrayList<>();
        String last = "";
        for (JsonNode message : body.path("messages")) {
            String role = message.path("role").asString("");
            if (role.equals("system") || role.equals("developer")) {
                system.append(text(message.path("content")));
            } else if (role.equals("tool")) {
                results.add(text(message.path("content")));
            } else if (role.equals("user")) {
                last = text(message.path("content"));
                images(message.path("content"), images);
                results.clear();
            }
        }
        return new Saying.Asked(
                body.path("model").asString(),
                stream,
                system.toString(),
                last,
                results,
                images,
                body.path("response_format").path("json_schema").path("schema"),
                !body.path("tools").isEmpty(),
                !body.path("reasoning_effort").asString("none").equals("none"),
                body.path("stream_options").path("include_usage").asBoolean(false));
    }

    /** Every call of an assistant message must be answered by the tool messages that follow it, and by no others. */
    private static void checkCalls(JsonNode messages) {
        Set<String> open = new HashSet<>();
        for (JsonNode message : messages) {
            if (message.path("role").asString("").equals("tool")) {
                check(
                        open.remove(message.path("tool_call_id").asString("")),
                        "messages with role 'tool' must be a response to a preceding message with 'tool_calls'");
                continue;
            }
            check(open.isEmpty(), "tool_call_ids did not have response messages: " + open);
            for (JsonNode call : message.path("tool_calls")) {
                String id = call.path("id").asString("");
                check(!id.isEmpty() && id.length() <= 40, "tool call ids are 1 to 40 characters long");
                check(call.path("function").path("arguments").isString(), "arguments must be a string");
                open.add(id);
            }
        }
        check(open.isEmpty(), "tool_call_ids did not have response messages: " + open);
    }

    private static String text(JsonNode content) {
        if (content.isString()) {
            return content.stringValue();
        }
        StringBuilder all = new StringBuilder();
        content.forEach(part -> all.append(part.path("text").asString("")));
        return all.toString();
    }

    private static void images(JsonNode content, List<String> images) {
        for (JsonNode part : content) {
            String url = part.path("image_url").path("url").asString("");
            if (url.startsWith("data:")) {
                String type = url.substring("data:".length(), url.indexOf(';'));
                byte[] bytes = java.util.Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1));
                images.add(type + ":" + bytes.length);
            } else if (!url.isEmpty()) {
                images.add(url);
            }
        }
    }

    @Override
    public String whole(String model, Saying saying) {
        ObjectNode body = head("chat.completion", model);
        ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        message.put("content", saying.uses().isEmpty() ? saying.text() : null);
        if (saying.thinking() != null) {
            message.put("reasoning_content", saying.thinking());
        }
        message.putNull("refusal");
        for (Saying.Use use : saying.uses()) {
            ObjectNode call = message.withArray("tool_calls").addObject();
            call.put("id", use.id()).put("type", "function").set("function", function(use, Json.text(use.input())));
        }
        choice.putNull("logprobs");
        choice.put("finish_reason", saying.finish());
        body.set("usage", usage());
        return Json.text(body);
    }

    private static ObjectNode function(Saying.Use use, String arguments) {
        return node().put("name", use.name()).put("arguments", arguments);
    }

    private static ObjectNode head(String object, String model) {
        return node().put("id", "chatcmpl-fake1")
                .put("object", object)
                .put("created", 1_764_000_000L)
                .put("model", model + "-2026-01-01");
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode usage() {
        ObjectNode usage = node().put("prompt_tokens", Saying.INPUT)
                .put("completion_tokens", Saying.OUTPUT)
                .put("total_tokens", Saying.INPUT + Saying.OUTPUT);
        usage.putObject("prompt_tokens_details")
                .put("cached_tokens", Saying.CACHED)
                .put("cache_write_tokens", 0)
                .put("audio_tokens", 0);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 4).put("audio_tokens", 0);
        return usage;
    }

    @Override
    public void stream(Peer peer, Saying.Asked asked, Saying saying) throws IOException {
        String model = asked.model();
        delta(peer, model, node().put("role", "assistant").put("content", ""), null);
        if (saying.thinking() != null) {
            for (String piece : Saying.pieces(saying.thinking())) {
                delta(peer, model, node().put("reasoning_content", piece), null);
            }
        }
        for (String piece : Saying.pieces(saying.text())) {
            delta(peer, model, node().put("content", piece), null);
        }
        for (int index = 0; index < saying.uses().size(); index++) {
            call(peer, model, index, saying.uses().get(index));
        }
        delta(peer, model, node(), saying.finish());
        if (asked.usageAsked()) {
            ObjectNode last = head("chat.completion.chunk", model);
            last.putArray("choices");
            last.set("usage", usage());
            peer.data(Json.text(last));
        }
        peer.data("[DONE]");
    }

    private static void call(Peer peer, String model, int index, Saying.Use use) throws IOException {
        ObjectNode first = node();
        ObjectNode call = first.putArray("tool_calls").addObject().put("index", index);
        call.put("id", use.id()).put("type", "function").set("function", function(use, ""));
        delta(peer, model, first, null);
        for (String piece : Saying.pieces(Json.text(use.input()))) {
            ObjectNode next = node();
            ObjectNode more = next.putArray("tool_calls").addObject().put("index", index);
            more.putObject("function").put("arguments", piece);
            delta(peer, model, next, null);
        }
    }

    private static void delta(Peer peer, String model, ObjectNode delta, String finish) throws IOException {
        ObjectNode chunk = head("chat.completion.chunk", model);
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.put("finish_reason", finish);
        peer.data(Json.text(chunk));
    }

    @Override
    public void beginning(Peer peer, String model) throws IOException {
        delta(peer, model, node().put("role", "assistant").put("content", "The capital"), null);
    }

    @Override
    public void streamError(Peer peer, String message) throws IOException {
        peer.data(error(500, message));
    }

    @Override
    public String error(int status, String message) {
        ObjectNode body = node();
        body.putObject("error")
                .put("message", message)
                .put("type", status == 429 ? "requests" : status >= 500 ? "server_error" : "invalid_request_error")
                .putNull("param")
                .put("code", status == 429 ? "rate_limit_exceeded" : null);
        return Json.text(body);
    }
}
